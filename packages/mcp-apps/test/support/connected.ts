import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport, type Transport, type TransportOptions } from "@codex-ts/client";
import { onTestFinished } from "vitest";
import {
  type CodexApps,
  type CodexAppsServerOptions,
  type ConnectCodexAppsOptions,
  codexAppsServer,
  connectCodexApps,
  isMcpAppsError,
  type McpAppsError,
} from "../../src/index.js";
import type { AppsServer } from "./apps-server.js";
import { agentLogin, SwitchableLogin } from "./logins.js";

/** A transport that ends with the test. Nothing of this machine's environment reaches it. */
export function openTransport(options: TransportOptions = {}): Transport {
  const transport = createTransport({ env: {}, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

/** An agent that the server knows, with one tool. */
export function addAgent(server: AppsServer, accountId: string, toolName = `${accountId}_find`) {
  const record = server.backend.registerAgent({
    account_id: accountId,
    chatgpt_user_id: `user-of-${accountId}`,
  });
  server.credentials.addAgent(record);
  server.tools.set(accountId, [
    { name: toolName, description: `Finds in ${accountId}`, inputSchema: { type: "object" } },
  ]);
  return agentLogin(record);
}

/** The configuration of the server of a test. */
export function serverConfig(server: AppsServer, options: CodexAppsServerOptions = {}) {
  return codexAppsServer({
    chatgptBaseUrl: server.chatgptBaseUrl,
    allowedOrigins: [server.origin],
    clientVersion: "1.2.3",
    ...options,
  });
}

/** Connects as an agent of `acct-1`, for as long as the test takes. */
export async function connect(
  server: AppsServer,
  options: Partial<ConnectCodexAppsOptions> = {},
  serverOptions: CodexAppsServerOptions = {},
): Promise<CodexApps> {
  const apps = await connectCodexApps({
    transport: openTransport(),
    auth: options.auth ?? new SwitchableLogin(addAgent(server, "acct-1")),
    server: serverConfig(server, serverOptions),
    ...options,
  });
  onTestFinished(() => apps.close());
  return apps;
}

/** Makes a folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-apps-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits for a promise to fail with an error of this package. */
export async function rejection(promise: Promise<unknown>): Promise<McpAppsError> {
  try {
    await promise;
  } catch (error) {
    if (isMcpAppsError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
