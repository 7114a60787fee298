import { EventEmitter } from "node:events";
import { createServer, type Server } from "node:http";
import { networkInterfaces } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { listenOnLoopback } from "../../src/flows/loopback-port.js";
import { loginWithBrowser } from "../../src/index.js";
import { createOAuthProfile } from "../../src/oauth/oauth-profile.js";
import { visit } from "./support/browser.js";
import { openFlowWorld } from "./support/flow-world.js";
import { freePorts, occupyPort } from "./support/ports.js";
import { startLogin } from "./support/start-login.js";

/** Listens without waiting, and counts the pauses in place of making them. */
function listen(ports: readonly number[]): { readonly pauses: number[]; readonly port: Promise<number> } {
  const server = createServer();
  onTestFinished(() => void server.close());
  const pauses: number[] = [];
  const pause = async (ms: number): Promise<void> => void pauses.push(ms);
  const port = listenOnLoopback(server, { ports, pause, signal: new AbortController().signal });
  return { pauses, port };
}

test("a port that stays occupied is left after ten tries and one request to free it", async () => {
  const occupied = await occupyPort();
  const [free = 0] = await freePorts(1);
  const { port, pauses } = listen([occupied.port, free]);
  expect(await port).toBe(free);
  expect(pauses).toEqual(Array.from({ length: 9 }, () => 200));
  expect(occupied.requests).toHaveLength(1);
  expect(occupied.requests[0]).toMatch(/^GET \/cancel HTTP\/1\.1\r\n/);
  expect(occupied.requests[0]).toMatch(new RegExp(`\r\nHost: 127\\.0\\.0\\.1:${occupied.port}\r\n`, "i"));
  expect(occupied.requests[0]).toMatch(/\r\nConnection: close\r\n/i);
});

test("when all ports are occupied, the error names the one that was wanted", async () => {
  const [first, second] = [await occupyPort(), await occupyPort()];
  const { port } = listen([first.port, second.port]);
  await expect(port).rejects.toMatchObject({
    kind: "callback_port",
    message: expect.stringMatching(
      new RegExp(`^Port 127\\.0\\.0\\.1:${first.port} is already in use; .*device code`),
    ),
    cause: { code: "EADDRINUSE" },
  });
  expect(second.requests).toEqual([]);
});

/** A server whose ports the system refuses, which a test that runs as root cannot have for real. */
function refusedServer(codes: readonly string[]): Server {
  const server = new EventEmitter();
  const left = [...codes];
  const listening = (): void => {
    const code = left.shift();
    if (code === undefined) server.emit("listening");
    else server.emit("error", Object.assign(new Error(code), { code }));
  };
  return Object.assign(server, {
    listen: () => queueMicrotask(listening),
    address: () => ({ port: 1457 }),
  }) as unknown as Server;
}

test("a port that the system reserves is left at once", async () => {
  const pause = (): Promise<void> => Promise.reject(new Error("nobody should wait"));
  const options = { ports: [1455, 1457], pause, signal: new AbortController().signal };
  expect(await listenOnLoopback(refusedServer(["EACCES"]), options)).toBe(1457);
  await expect(listenOnLoopback(refusedServer(["EACCES", "EACCES"]), options)).rejects.toMatchObject({
    kind: "callback_port",
    message: expect.stringContaining("Port 127.0.0.1:1455 cannot be listened on"),
  });
  await expect(listenOnLoopback(refusedServer(["EMFILE"]), options)).rejects.toMatchObject({
    kind: "callback_port",
    cause: { code: "EMFILE" },
  });
});

test("a sign-in falls back to the next port of the profile and comes back there", async () => {
  const { issuer, login } = await openFlowWorld();
  const occupied = await occupyPort();
  const [free = 0] = await freePorts(1);
  const profile = createOAuthProfile(issuer.urls.issuer, { redirectPorts: [occupied.port, free] });
  const completed = await loginWithBrowser({
    ...login,
    profile,
    pause: async () => {},
    openUrl: (url) => void visit(url),
  });
  expect(completed.mode).toBe("chatgpt");
  expect(issuer.requests[0]?.query.get("redirect_uri")).toBe(`http://127.0.0.1:${free}/auth/callback`);
});

test("a port that the caller insists on has no other in its place", async () => {
  const { issuer, login } = await openFlowWorld();
  const occupied = await occupyPort();
  const [free = 0] = await freePorts(1);
  const profile = createOAuthProfile(issuer.urls.issuer, { redirectPorts: [free] });
  const signingIn = loginWithBrowser({
    ...login,
    profile,
    port: occupied.port,
    pause: async () => {},
    openUrl: (url) => void visit(url),
  });
  await expect(signingIn).rejects.toMatchObject({ kind: "callback_port" });
});

test("a sign-in gets the port of an earlier one, which ends", async () => {
  const { issuer, login } = await openFlowWorld();
  const [port = 0] = await freePorts(1);
  const profile = createOAuthProfile(issuer.urls.issuer, { redirectPorts: [port] });
  const first = await startLogin({ ...login, profile });
  const second = await startLogin({ ...login, profile });
  await expect(first.login).rejects.toMatchObject({ kind: "login_cancelled", message: "Login cancelled" });
  expect(second.origin).toBe(first.origin);
  await visit(second.url);
  expect(await second.login).toMatchObject({ mode: "chatgpt" });
});

test("giving up ends the wait for a port", async () => {
  const { issuer, login } = await openFlowWorld();
  const occupied = await occupyPort();
  const profile = createOAuthProfile(issuer.urls.issuer, { redirectPorts: [occupied.port] });
  const controller = new AbortController();
  const signingIn = loginWithBrowser({
    ...login,
    profile,
    signal: controller.signal,
    pause: async (_ms, signal) => {
      controller.abort();
      signal.throwIfAborted();
    },
    openUrl: () => {},
  });
  await expect(signingIn).rejects.toMatchObject({ kind: "aborted", message: "Login was not completed" });
});

test("no other address of the machine is listened on", async () => {
  const { login } = await openFlowWorld();
  const { origin, url, login: signingIn } = await startLogin(login);
  const { port } = new URL(origin);
  const others = Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.filter(({ family, internal }) => family === "IPv4" && !internal).map(({ address }) => address),
  );
  // 127.0.0.2 is another address of the loopback interface on Linux.
  for (const address of [...others, "127.0.0.2"]) {
    await expect(visit(`http://${address}:${port}/`)).rejects.toThrow();
  }
  await visit(url);
  await signingIn;
});
