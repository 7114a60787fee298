import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTransport, type TransportOptions, type TransportResponse } from "../src/index.js";
import { rejection } from "./support/rejection.js";
import { startProxy } from "./support/test-proxy.js";
import { startServer, type TestServer } from "./support/test-server.js";
import { serverIdentity, tlsFixture } from "./support/tls-fixtures.js";

const companyCa = tlsFixture("company-ca.pem");
let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer((_, response) => response.end("secret garden"), serverIdentity("company"));
  folder = mkdtempSync(join(tmpdir(), "certificates-"));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const form = {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: { raw: Buffer.from("grant_type=authorization_code&code=test") },
};

async function post(
  options: TransportOptions,
  url = `${server.origin}/oauth/token`,
): Promise<TransportResponse> {
  await using transport = createTransport({ env: {}, ...options });
  return await transport.execute({ ...form, url });
}

test("a server whose authority nobody knows is refused", async () => {
  const error = await rejection(post({}));
  expect(error).toMatchObject({ kind: "network", code: "connect_failed" });
});

test.each(["CODEX_CA_CERTIFICATE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"])(
  "a server is trusted when %s names its authority",
  async (variable) => {
    const response = await post({ env: { [variable]: companyCa } });
    expect(response.text()).toBe("secret garden");
    expect(server.seen.at(-1)).toMatchObject({
      method: "POST",
      path: "/oauth/token",
      body: Buffer.from("grant_type=authorization_code&code=test"),
    });
  },
);

test("a server is trusted when the option names its authority", async () => {
  expect((await post({ ca: readFileSync(companyCa, "utf8") })).status).toBe(200);
});

test("a bundle that cannot be used is an error, and nothing is sent", async () => {
  const before = server.seen.length;
  const error = await rejection(post({ env: { CODEX_CA_CERTIFICATE: join(folder, "missing.pem") } }));
  expect(error).toMatchObject({ kind: "build", code: "ca" });
  expect(error.message).toContain("selected by CODEX_CA_CERTIFICATE");
  expect(server.seen).toHaveLength(before);
});

test("the next request notices that the file has changed", async () => {
  const path = join(folder, "rotated.pem");
  writeFileSync(path, readFileSync(tlsFixture("interceptor-ca.pem")));
  await using transport = createTransport({ env: { SSL_CERT_FILE: path } });
  await rejection(transport.execute({ ...form, url: server.origin }));
  writeFileSync(path, `# mended\n${readFileSync(companyCa, "utf8")}`);
  expect((await transport.execute({ ...form, url: server.origin })).status).toBe(200);
});

test("connections are kept while the roots stay the same, and replaced when they change", async () => {
  const path = join(folder, "kept.pem");
  writeFileSync(path, readFileSync(companyCa));
  await using transport = createTransport({ env: { SSL_CERT_FILE: path } });
  const connectionOf = async (): Promise<number | undefined> => {
    await transport.execute({ ...form, url: server.origin });
    return server.seen.at(-1)?.connection;
  };
  const first = await connectionOf();
  expect(await connectionOf()).toBe(first);
  writeFileSync(path, `# touched\n${readFileSync(companyCa, "utf8")}`);
  expect(await connectionOf()).not.toBe(first);
});

test("plain http needs no certificates", async () => {
  await using plain = await startServer((_, response) => response.end("plain"));
  const response = await post({ env: { SSL_CERT_FILE: "/missing" } }, plain.origin);
  expect(response.text()).toBe("plain");
});

test("a proxy that breaks TLS open is trusted by its authority only", async () => {
  await using proxy = await startProxy({ intercept: serverIdentity("interceptor") });
  const env = { HTTPS_PROXY: `http://${proxy.address}` };
  const url = "https://secure.test/oauth/token";
  await rejection(post({ env: { ...env, SSL_CERT_FILE: companyCa } }, url));
  const response = await post({ env: { ...env, SSL_CERT_FILE: tlsFixture("interceptor-ca.pem") } }, url);
  expect(response.text()).toBe("answered /oauth/token");
  expect(proxy.lines).toEqual(["CONNECT secure.test:443", "CONNECT secure.test:443", "POST /oauth/token"]);
});
