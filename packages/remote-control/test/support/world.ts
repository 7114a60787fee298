import { createTransport } from "@codex-ts/client";
import type { RemoteControlMessage } from "@codex-ts/protocol";
import { type Backend, type RemotePeer, type RemoteServer, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import {
  EnrollmentFiles,
  type EnrollmentKey,
  type RemoteClient,
  type RemoteControl,
  type RemoteControlOptions,
  startRemoteControl,
} from "../../src/index.js";
import { bearerTokens, TestLogin } from "./login.js";
import { temporaryFolder } from "./temporary-folder.js";

/** What a test of remote control runs in. */
export interface World {
  readonly backend: Backend;
  readonly login: TestLogin;
  readonly store: EnrollmentFiles;
  readonly options: RemoteControlOptions;
  /** Where the enrolment of an account is kept. */
  keyOf(accountId: string, clientName?: string): EnrollmentKey;
  /** Starts remote control; it is closed when the test ends. */
  start(options?: Partial<RemoteControlOptions>): Promise<RemoteControl>;
}

/** Starts a backend, and has everything ready to start remote control against it. */
export async function openWorld(options: Partial<RemoteControlOptions> = {}): Promise<World> {
  const backend = await startBackend({ bearerTokens });
  onTestFinished(() => backend.close());
  const transport = createTransport();
  onTestFinished(() => transport.close());
  const login = new TestLogin();
  const store = new EnrollmentFiles(await temporaryFolder());
  const complete: RemoteControlOptions = {
    transport,
    auth: login,
    baseUrl: backend.urls.chatgpt,
    installationId: "installation-1",
    appServerVersion: "1.2.3",
    serverName: "Büro",
    store,
    startup: "enabled",
    ...options,
    limits: { reconnectDelayMs: 5, loginCheckMs: 10, ...options.limits },
  };
  return {
    backend,
    login,
    store,
    options: complete,
    keyOf: (accountId, clientName = "") => ({
      websocketUrl: `${backend.urls.chatgpt.replace("http", "ws")}/wham/remote/control/server`,
      accountId,
      clientName,
    }),
    async start(more = {}) {
      const limits = { ...complete.limits, ...more.limits };
      const control = await startRemoteControl({ ...complete, ...more, limits });
      onTestFinished(() => control.close());
      return control;
    },
  };
}

/** Resolves when remote control has this status. */
export async function untilStatus(control: RemoteControl, wanted: string): Promise<void> {
  for await (const { status } of control.statusChanges()) if (status === wanted) return;
}

/** A session between a peer at the backend and a client here. */
export interface Session {
  readonly server: RemoteServer;
  readonly peer: RemotePeer;
  readonly client: RemoteClient;
}

export const initialize = {
  id: 0,
  method: "initialize",
  params: { clientInfo: { name: "phone", version: "1" } },
};

/** Opens a session, up to where `initialize` was read. */
export async function openSession(
  { backend }: World,
  control: RemoteControl,
  options: Parameters<RemoteServer["openClient"]>[0] = {},
): Promise<Session> {
  const server = await backend.remoteControl.waitForServer();
  const peer = server.openClient(options);
  const arriving = nextClient(control);
  await peer.send(initialize);
  const client = await arriving;
  await readMessages(client, 1);
  return { server, peer, client };
}

/** The next client that opens a session. */
export async function nextClient(control: RemoteControl): Promise<RemoteClient> {
  for await (const client of control.clients()) return client;
  throw new Error("remote control was closed");
}

/** Reads so many messages. */
export async function readMessages(client: RemoteClient, count: number): Promise<RemoteControlMessage[]> {
  const messages: RemoteControlMessage[] = [];
  for await (const message of client) {
    messages.push(message);
    if (messages.length >= count) break;
  }
  return messages;
}
