import { MockAgent } from "undici";
import { expect, test } from "vitest";
import { createTransport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";

test("sends through a dispatcher of the caller's, and leaves it open", async () => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const pool = agent.get("https://service.test");
  pool.intercept({ path: "/path?q=1", method: "POST" }).reply(200, "mocked").times(2);
  await using transport = createTransport({ dispatcher: agent });
  const request = { method: "POST", url: "https://service.test/path?q=1", body: { json: {} } };
  expect((await transport.execute(request)).text()).toBe("mocked");
  const stream = await transport.stream(request);
  for await (const chunk of stream.body) expect(Buffer.from(chunk).toString()).toBe("mocked");
  expect(await rejection(transport.execute(request))).toMatchObject({ kind: "network" });
  await transport.close();
  pool.intercept({ path: "/", method: "GET" }).reply(200, "still open");
  const response = await agent.request({ origin: "https://service.test", path: "/", method: "GET" });
  expect(await response.body.text()).toBe("still open");
  agent.assertNoPendingInterceptors();
  await agent.close();
});

test("a dispatcher that throws is a failure of the network", async () => {
  const agent = new MockAgent();
  await agent.close();
  await using transport = createTransport({ dispatcher: agent });
  const error = await rejection(transport.execute({ method: "GET", url: "https://service.test/" }));
  expect(error.kind).toBe("network");
});
