import { AuthError, type AuthProvider, type AuthRejection } from "@codex-ts/auth-provider";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ExchangeOptions } from "../src/request.js";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startServer, type TestServer } from "./support/test-server.js";

let server: TestServer;
let transport: Transport;
let statuses: number[] = [];

beforeAll(async () => {
  server = await startServer((_request, response) => {
    response.writeHead(statuses.shift() ?? 200, { "x-why": "expired" }).end("body");
  });
  transport = createTransport({ sleep: async () => {} });
});
beforeEach(() => {
  statuses = [];
});
afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

class Login implements AuthProvider {
  readonly rejections: AuthRejection[] = [];
  readonly #answer: (round: number) => boolean | Promise<boolean>;

  constructor(answer: (round: number) => boolean | Promise<boolean> = () => true) {
    this.#answer = answer;
  }

  addAuthHeaders(headers: Headers): void {
    headers.set("authorization", `Bearer ${this.rejections.length}`);
  }

  async recover(rejected: AuthRejection): Promise<boolean> {
    this.rejections.push(rejected);
    return this.#answer(rejected.round);
  }
}

function send(auth: AuthProvider, options: ExchangeOptions = {}) {
  return transport.execute({ method: "GET", url: `${server.origin}/` }, { auth, ...options });
}

test("sends once more with a fresh credential, at no cost of a retry", async () => {
  statuses = [401];
  const before = server.seen.length;
  const log: unknown[] = [];
  const login = new Login();
  const controller = new AbortController();
  await send(login, {
    signal: controller.signal,
    telemetry: {
      onRequest: ({ attempt, status }) => log.push({ attempt, status }),
      onRecovery: (report) => log.push(report),
    },
  });
  expect(server.seen.slice(before).map(({ headers }) => headers.authorization)).toEqual([
    "Bearer 0",
    "Bearer 1",
  ]);
  expect(log).toEqual([
    { attempt: 0, round: 0, recovered: true },
    { attempt: 0, status: 200 },
  ]);
  const [rejected] = login.rejections;
  expect(rejected).toMatchObject({ round: 0, status: 401, body: "body", signal: controller.signal });
  expect(rejected?.headers.get("x-why")).toBe("expired");
});

test("does not use a connection again over which the credential was refused", async () => {
  await send(new Login());
  statuses = [401];
  const before = server.seen.length;
  await send(new Login());
  const [refused, accepted] = server.seen.slice(before).map(({ connection }) => connection);
  expect(accepted).not.toBe(refused);
  await send(new Login());
  expect(server.seen.at(-1)?.connection).toBe(accepted);
});

test("asks at most three times for a request, whatever its attempts", async () => {
  statuses = [401, 500, 401, 401, 401, 401];
  const login = new Login();
  const retry = { maxAttempts: 1, baseDelayMs: 0, on429: false, on5xx: true, onTransport: true };
  expect(await rejection(send(login, { retry }))).toMatchObject({ kind: "http", status: 401 });
  expect(login.rejections.map(({ round }) => round)).toEqual([0, 1, 2]);
  expect(statuses).toEqual([401]);
});

test.each([
  ["the provider says no", new Login(() => false)],
  ["the provider cannot recover", { addAuthHeaders() {} }],
])("a 401 is final when %s", async (_why, auth) => {
  statuses = [401];
  const before = server.seen.length;
  expect(await rejection(send(auth))).toMatchObject({ kind: "http", status: 401, body: "body" });
  expect(server.seen).toHaveLength(before + 1);
});

test("streams recover as well", async () => {
  statuses = [401];
  const stream = await transport.stream({ method: "GET", url: server.origin }, { auth: new Login() });
  expect(stream.status).toBe(200);
  stream.cancel();
});

test.each([
  ["for good", new AuthError("revoked", { kind: "build" }), "build", "revoked"],
  ["for now", new AuthError("offline", { kind: "transient" }), "network", "offline"],
])("a recovery that fails %s is an error, and nothing more is sent", async (_how, failure, kind, reason) => {
  statuses = [401];
  const before = server.seen.length;
  const error = await rejection(send(new Login(() => Promise.reject(failure))));
  expect(error).toMatchObject({ kind, code: "recovery_failed", status: 401, cause: failure });
  expect(error.message).toBe(
    `GET ${server.origin}/ answered 401, and the credential could not be renewed: ${reason}`,
  );
  expect(server.seen).toHaveLength(before + 1);
});

test("what else a recovery throws is not shown", async () => {
  statuses = [401];
  const error = await rejection(send(new Login(() => Promise.reject(new RangeError("token sk-secret")))));
  expect(error).toMatchObject({ kind: "build", code: "recovery_failed" });
  expect(error.message).toBe(
    `GET ${server.origin}/ answered 401, and the credential could not be renewed (RangeError)`,
  );
  expect(error.cause).toBeUndefined();
});

test("an abort ends the wait for a recovery", async () => {
  statuses = [401];
  const controller = new AbortController();
  const login = new Login(() => {
    controller.abort("enough");
    return new Promise<never>(() => {});
  });
  const error = await rejection(send(login, { signal: controller.signal }));
  expect(error).toMatchObject({ kind: "aborted", cause: "enough" });
});

test("an exchange under way on another connection is not disturbed by a recovery", async () => {
  await using slow = await startServer(({ path }, response) => {
    if (path === "/slow") setTimeout(() => response.end("whole"), 60);
    else response.writeHead(slow.seen.length === 2 ? 401 : 200).end();
  });
  const slowly = transport.execute({ method: "GET", url: `${slow.origin}/slow` });
  await slow.received(1);
  await transport.execute({ method: "GET", url: slow.origin }, { auth: new Login() });
  expect((await slowly).text()).toBe("whole");
  // Its connection is not kept for later.
  await expect.poll(() => slow.openSockets).toBe(1);
});
