import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "@codex-ts/client";
import { type Backend, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { ChatgptClient, type ChatgptClientOptions } from "../../src/index.js";
import { otherWorkspace, personal, type TestAccount, TestLogin, workspace } from "./test-login.js";

/** A client and the backend that it talks to over real sockets. Both end with the test. */
export interface TestClient {
  readonly backend: Backend;
  readonly login: TestLogin;
  readonly client: ChatgptClient;
  /** The client's own options, to make others from. */
  readonly options: ChatgptClientOptions;
}

/** Starts a backend and makes a client of it. */
export async function startClient(
  account: TestAccount = personal,
  options: Partial<ChatgptClientOptions> = {},
): Promise<TestClient> {
  const bearerTokens = [personal, workspace, otherWorkspace].map(({ token, identity: { accountId } }) => ({
    token,
    accountId,
  }));
  const backend = await startBackend({ bearerTokens });
  // Nothing of this machine's environment reaches the tests.
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  const login = new TestLogin(account);
  const all = { transport, baseUrl: backend.urls.chatgpt, auth: login, ...options };
  return { backend, login, client: new ChatgptClient(all), options: all };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-chatgpt-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The paths that were asked for, in order, each with its query. */
export function askedPaths({ requests }: Backend): readonly string[] {
  return requests.map(({ path, query }) => {
    const short = path.replace("/backend-api/", "");
    return query.size > 0 ? `${short}?${query}` : short;
  });
}
