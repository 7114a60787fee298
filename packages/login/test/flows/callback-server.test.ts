import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import {
  type CallbackRequest,
  type CallbackServer,
  startCallbackServer,
} from "../../src/flows/callback-server.js";
import { pause } from "../../src/flows/pause.js";
import { ask } from "./support/ask.js";

async function start(redirectHost = "127.0.0.1"): Promise<{
  readonly server: CallbackServer;
  readonly origin: string;
  readonly requests: CallbackRequest[];
}> {
  const requests: CallbackRequest[] = [];
  const server = await startCallbackServer({
    ports: [0],
    redirectHost,
    pause,
    signal: new AbortController().signal,
    answer: (request) => {
      requests.push(request);
      return { status: 200, body: "ärger" };
    },
  });
  onTestFinished(() => server.close());
  return { server, origin: `http://127.0.0.1:${server.port}`, requests };
}

test("an answer is whole, is not kept, and ends its connection", async () => {
  const { origin, requests } = await start();
  const { status, headers, text } = await ask(`${origin}/auth/callback?code=a%20b&code=c`);
  expect(status).toBe(200);
  expect(text).toBe("ärger");
  expect(headers).toMatchObject({
    connection: "close",
    "content-length": "6",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": expect.stringContaining("default-src 'none'"),
  });
  expect(requests.map(({ path, query }) => [path, query.getAll("code")])).toEqual([
    ["/auth/callback", ["a b", "c"]],
  ]);
});

test.each(["evil.example", "evil.example:1455", "127.0.0.1.evil.example", "a b"])(
  "a request for the host %j is not answered",
  async (host) => {
    const { origin, requests } = await start();
    const { status, text } = await ask(origin, { host });
    expect({ status, text }).toEqual({ status: 421, text: "Misdirected Request" });
    expect(requests).toEqual([]);
  },
);

test.each(["localhost:1455", "LOCALHOST", "127.0.0.1:9", "[::1]:1455", "login.test:80"])(
  "a request for the host %j is answered",
  async (host) => {
    const { origin } = await start("Login.test");
    expect((await ask(origin, { host })).status).toBe(200);
  },
);

test.each([
  ["none", false],
  ["same-origin", false],
  ["same-site", true],
  ["cross-site", true],
])("a request that the browser calls %s comes from another site: %j", async (site, isFromOtherSite) => {
  const { origin, requests } = await start();
  await ask(origin, { "sec-fetch-site": site });
  expect(requests).toMatchObject([{ isFromOtherSite }]);
});

test.each([
  ["//", 400],
  ["http://[/", 400],
  ["http://other.example/auth/callback", 200],
])("the request target %j is answered with %d", async (target, status) => {
  const { server, requests } = await start();
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  let answer = "";
  for await (const chunk of socket.setEncoding("latin1")) answer += chunk as string;
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(requests.map(({ path }) => path)).toEqual(status === 200 ? ["/auth/callback"] : []);
});

test("closing waits for an answer under way, and then for nobody", async () => {
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let begun = (): void => {};
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const server = await startCallbackServer({
    ports: [0],
    redirectHost: "127.0.0.1",
    pause,
    signal: new AbortController().signal,
    answer: async () => {
      begun();
      await finished;
      return { status: 200, body: "done" };
    },
  });
  const answer = ask(`http://127.0.0.1:${server.port}/`);
  await underWay;
  const closing = server.close();
  finish();
  expect((await answer).text).toBe("done");
  await closing;
});
