import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { createServer } from "node:tls";
import { createTransport } from "@codex-ts/client";
import { expect, onTestFinished, test } from "vitest";
import { openWorld, untilStatus } from "./support/world.js";

test("the socket trusts the certificates that requests trust", async () => {
  const world = await openWorld();
  const port = await startTls(new URL(world.backend.urls.origin).port);
  const baseUrl = `https://localhost:${port}/backend-api`;
  const stranger = await world.start({ baseUrl });
  await untilStatus(stranger, "errored");
  expect(stranger.lastError?.message).toMatch(/certificate/);
  await stranger.close();

  await using transport = createTransport({ ca: fixture("company-ca.pem") });
  const control = await world.start({ baseUrl, transport });
  await untilStatus(control, "connected");
  expect(world.backend.requests.map(({ method }) => method)).toEqual(["POST", "GET"]);
  await control.close();
});

function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/tls/${name}`, import.meta.url), "utf8");
}

/** Takes TLS off the connections to a server. */
async function startTls(to: string): Promise<number> {
  const identity = { cert: fixture("company-server.pem"), key: fixture("company-server-key.pem") };
  const server = createServer(identity, (socket) => {
    const plain = connect(Number(to), "127.0.0.1");
    socket.pipe(plain).pipe(socket);
    for (const end of [socket, plain]) end.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
