// Runs in a process of its own: closes remote control at many moments and reports what is held afterwards.
import { join } from "node:path";
import { createTransport } from "@codex-ts/client";
import { type Backend, startBackend } from "@codex-ts/testkit";
import {
  EnrollmentFiles,
  type RemoteClient,
  type RemoteControl,
  type RemoteControlOptions,
  startRemoteControl,
} from "../../src/index.js";
import { bearerTokens, TestLogin } from "./login.js";

const [, , folder = ""] = process.argv;
const left: Record<string, readonly string[]> = {};
const never = 3_600_000;

interface Scene {
  readonly backend: Backend;
  readonly login: TestLogin;
  readonly start: (options?: Partial<RemoteControlOptions>) => Promise<RemoteControl>;
}

/** Lets something happen until it is to be left, and closes everything. */
async function leave(moment: string, act: (scene: Scene) => Promise<RemoteControl>): Promise<void> {
  const backend = await startBackend({ bearerTokens });
  const transport = createTransport();
  const login = new TestLogin();
  const control = await act({
    backend,
    login,
    start: (options) =>
      startRemoteControl({
        transport,
        auth: login,
        baseUrl: backend.urls.chatgpt,
        installationId: "i",
        appServerVersion: "1",
        store: new EnrollmentFiles(join(folder, String(Object.keys(left).length))),
        startup: "enabled",
        ...options,
        limits: {
          reconnectDelayMs: never,
          maxReconnectDelayMs: never,
          loginCheckMs: never,
          ...options?.limits,
        },
      }),
  });
  await control.close();
  await transport.close();
  await backend.close();
  // Sockets that were cut are gone after their close events.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  // Node itself may still read files of modules; sockets and timers would be ours.
  left[moment] = process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/.test(name));
}

async function untilStatus(control: RemoteControl, wanted: string): Promise<void> {
  for await (const { status } of control.statusChanges()) if (status === wanted) return;
}

async function session({ backend, start }: Scene, options: Partial<RemoteControlOptions> = {}) {
  const control = await start(options);
  const server = await backend.remoteControl.waitForServer();
  const peer = server.openClient({ acknowledges: false });
  void peer.send({ id: 0, method: "initialize" });
  let client: RemoteClient | undefined;
  for await (const arrived of control.clients()) {
    client = arrived;
    break;
  }
  if (client === undefined) throw new Error("no client came");
  return { control, server, peer, client };
}

await leave("at once", ({ start }) => start());
await leave("while enrolling", async ({ backend, start }) => {
  backend.fault({ kind: "stall_headers", path: "/enroll" });
  const control = await start();
  await backend.waitForRequests(1);
  return control;
});
await leave("in the handshake", async ({ backend, start }) => {
  backend.fault({ kind: "stall_headers", path: /\/server$/ });
  const control = await start();
  await backend.waitForRequests(2);
  return control;
});
await leave("in a pause", async ({ backend, start }) => {
  backend.fault({ kind: "status", status: 500, path: "/enroll" });
  const control = await start();
  await untilStatus(control, "errored");
  return control;
});
await leave("waiting for a login", async ({ login, start }) => {
  login.identity = undefined;
  return start({ startup: "persisted" });
});
await leave("waiting for a name", ({ start }) => start({ awaitsClientName: true }));
await leave("connected", async ({ start }) => {
  const control = await start();
  await untilStatus(control, "connected");
  return control;
});
await leave("in the middle of a message", async (scene) => {
  const { control, server, client, peer } = await session(scene);
  server.disconnectAfter({ afterEnvelopes: 3, isInsideMessage: true });
  void client.send({ method: "m", params: "x".repeat(1_000_000) });
  await peer.send({ method: "m", params: "x".repeat(1_000_000) });
  return control;
});
await leave("while somebody waits to send", async (scene) => {
  const { control, client } = await session(scene, { limits: { unacknowledgedEnvelopes: 1 } });
  await client.send({ method: "m" });
  client.send({ method: "m" }).catch(() => {});
  return control;
});
await leave("while a client is not read", async (scene) => {
  const { control, peer } = await session(scene, { limits: { unreadMessages: 1, handOverTimeoutMs: never } });
  await peer.send({ method: "m" });
  await peer.send({ method: "m" });
  return control;
});
await leave("while switching on", async ({ backend, start }) => {
  backend.fault({ kind: "stall_headers", path: "/enroll" });
  const control = await start({ startup: "persisted" });
  control.enable().catch(() => {});
  await backend.waitForRequests(1);
  return control;
});
await leave("with a backend that does not answer the close", async (scene) => {
  const { control, server } = await session(scene);
  server.pause(true);
  return control;
});

process.stdout.write(JSON.stringify(left));
// No exit(): the process has to end by itself.
