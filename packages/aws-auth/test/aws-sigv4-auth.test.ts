import { inspect } from "node:util";
import { applyAuth, authHeaderTelemetry, isAuthError, toAuthHeaders } from "@codex-ts/auth-provider";
import { isTransportError } from "@codex-ts/client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AwsCredentials, awsSigV4Auth } from "../src/index.js";
import { serverOfTest, transportOfTest } from "./support/server.js";
import { findSignatureFault, signedNames } from "./support/signature-check.js";

const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const bedrock = { region: "eu-west-1", service: "bedrock-mantle", credentials };
const oneRetry = { maxAttempts: 1, baseDelayMs: 1, on429: false, on5xx: true, onTransport: true };
const body = { json: { model: "openai.gpt-5.5", input: "grüße" } };

test("signs the very bytes and headers that arrive", async () => {
  const server = await serverOfTest();
  const transport = transportOfTest({
    trace: () => ({ traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01` }),
  });
  await transport.execute(
    {
      method: "POST",
      url: `${server.url}/openai/v1/responses?b=2&a=x%20y+z&a=1`,
      headers: { "x-amzn-mantle-client-agent": "codex", traceparent: "00-0-0-00", "x-spaces": "a   b" },
      body,
    },
    { auth: awsSigV4Auth(bedrock) },
  );
  const [request] = server.requests;
  if (request === undefined) throw new Error("nothing arrived");
  expect(findSignatureFault(request, credentials.secretAccessKey)).toBeUndefined();
  expect(request.headers["authorization"]).toContain("/eu-west-1/bedrock-mantle/aws4_request, ");
  expect(signedNames(request)).toEqual(
    expect.arrayContaining(["content-type", "host", "x-amz-date", "x-amzn-mantle-client-agent", "x-spaces"]),
  );
  expect(request.headers["traceparent"]).toMatch(/^00-1{32}-/);
});

test("a server sees through one changed byte, so the check above can fail", async () => {
  const server = await serverOfTest();
  const url = `${server.url}/responses`;
  await transportOfTest().execute({ method: "POST", url, body }, { auth: awsSigV4Auth(bedrock) });
  const [request] = server.requests;
  if (request === undefined) throw new Error("nothing arrived");
  const { secretAccessKey } = credentials;
  expect(findSignatureFault({ ...request, body: Buffer.from("{}") }, secretAccessKey)).toMatch(/another/);
  expect(findSignatureFault({ ...request, target: "/other" }, secretAccessKey)).toMatch(/another/);
  expect(findSignatureFault(request, "another secret")).toMatch(/another/);
});

test("headers with an underscore are removed before signing, and arrive nowhere", async () => {
  const server = await serverOfTest();
  await transportOfTest().execute(
    {
      method: "POST",
      url: server.url,
      headers: { session_id: "s", conversation_id: "c", "session-id": "s" },
      body,
    },
    { auth: awsSigV4Auth(bedrock) },
  );
  const [request] = server.requests;
  if (request === undefined) throw new Error("nothing arrived");
  expect(Object.keys(request.headers).filter((name) => name.includes("_"))).toEqual([]);
  expect(request.headers["session-id"]).toBe("s");
  expect(findSignatureFault(request, credentials.secretAccessKey)).toBeUndefined();
});

test("a retry is signed anew: another date, another signature, both good", async () => {
  const server = await serverOfTest((response, count) => {
    response.statusCode = count === 1 ? 503 : 200;
    response.end("{}");
  });
  let nowMs = Date.parse("2026-06-24T12:00:00Z");
  const clock = (): number => {
    nowMs += 1000;
    return nowMs;
  };
  await transportOfTest().execute(
    { method: "POST", url: server.url, body },
    { auth: awsSigV4Auth({ ...bedrock, clock }), retry: oneRetry },
  );
  expect(server.requests.map(({ headers }) => headers["x-amz-date"])).toEqual([
    "20260624T120001Z",
    "20260624T120002Z",
  ]);
  expect(new Set(server.requests.map(({ headers }) => headers["authorization"])).size).toBe(2);
  for (const request of server.requests)
    expect(findSignatureFault(request, credentials.secretAccessKey)).toBeUndefined();
});

test("temporary credentials carry their token, signed", async () => {
  const server = await serverOfTest();
  const auth = awsSigV4Auth({
    ...bedrock,
    credentials: async () => ({ ...credentials, sessionToken: "token-1" }),
  });
  await transportOfTest().execute({ method: "GET", url: server.url }, { auth });
  const [request] = server.requests;
  if (request === undefined) throw new Error("nothing arrived");
  expect(request.headers["x-amz-security-token"]).toBe("token-1");
  expect(signedNames(request)).toContain("x-amz-security-token");
  expect(findSignatureFault(request, credentials.secretAccessKey)).toBeUndefined();
});

test("credentials are asked for with each attempt, so new ones count at once", async () => {
  const server = await serverOfTest((response, count) => {
    response.statusCode = count === 1 ? 500 : 200;
    response.end("{}");
  });
  let asked = 0;
  const auth = awsSigV4Auth({
    ...bedrock,
    credentials: () => {
      asked += 1;
      return { ...credentials, accessKeyId: `AKID${asked}` };
    },
  });
  await transportOfTest().execute({ method: "GET", url: server.url }, { auth, retry: oneRetry });
  expect(
    server.requests.map(({ headers }) => /Credential=(\w+)/.exec(String(headers["authorization"]))?.[1]),
  ).toEqual(["AKID1", "AKID2"]);
});

test("what another credential has left on a request is replaced", async () => {
  const stale = {
    authorization: "Bearer stale",
    "x-amz-content-sha256": "0".repeat(64),
    "x-amz-date": "20200101T000000Z",
    "x-amz-security-token": "stale",
  };
  const server = await serverOfTest();
  await transportOfTest().execute(
    { method: "POST", url: server.url, headers: stale, body },
    { auth: awsSigV4Auth(bedrock) },
  );
  const [request] = server.requests;
  if (request === undefined) throw new Error("nothing arrived");
  expect(findSignatureFault(request, credentials.secretAccessKey)).toBeUndefined();
  expect(JSON.stringify(request.headers)).not.toMatch(/stale|0{64}|2020/);
});

test("a redirect to another origin carries neither signature nor token, and a body is not sent there", async () => {
  const elsewhere = await serverOfTest();
  const server = await serverOfTest((response) => {
    response.writeHead(307, { location: `${elsewhere.url}/x` }).end();
  });
  const auth = awsSigV4Auth({ ...bedrock, credentials: { ...credentials, sessionToken: "token-1" } });
  const transport = transportOfTest();
  await transport.execute({ method: "GET", url: server.url }, { auth });
  const [arrived] = elsewhere.requests;
  expect(Object.keys(arrived?.headers ?? {}).filter((name) => /^(authorization|x-amz)/.test(name))).toEqual(
    [],
  );
  await expect(transport.execute({ method: "POST", url: server.url, body }, { auth })).rejects.toMatchObject({
    code: "redirect_refused",
  });
  expect(elsewhere.requests).toHaveLength(1);
});

test("a redirect within the origin is signed anew, for the new path", async () => {
  const server = await serverOfTest((response, count) => {
    if (count === 1) response.writeHead(307, { location: "/other" }).end();
    else response.end("{}");
  });
  await transportOfTest().execute(
    { method: "POST", url: `${server.url}/first`, body },
    { auth: awsSigV4Auth(bedrock) },
  );
  expect(server.requests.map(({ target }) => target)).toEqual(["/first", "/other"]);
  for (const request of server.requests)
    expect(findSignatureFault(request, credentials.secretAccessKey)).toBeUndefined();
});

test("bodies go out plain unless a request asks for compression, and then the compressed bytes are signed", async () => {
  const server = await serverOfTest();
  const auth = awsSigV4Auth(bedrock);
  const long = { json: { input: "long ".repeat(1000) } };
  await transportOfTest().execute({ method: "POST", url: server.url, body: long }, { auth });
  await transportOfTest().execute(
    { method: "POST", url: server.url, body: long, compression: "zstd" },
    { auth },
  );
  expect(server.requests[0]?.headers).not.toHaveProperty("content-encoding");
  expect(server.requests[0]?.body.length).toBeGreaterThan(5000);
  for (const request of server.requests)
    expect(findSignatureFault(request, credentials.secretAccessKey)).toBeUndefined();
});

const failure = (facts: object): Error => Object.assign(new Error("secret-in-message"), facts);

test.each<[string, unknown, "build" | "transient"]>([
  ["a chain that has none", failure({ name: "CredentialsProviderError", tryNextLink: false }), "build"],
  ["a refused connection", failure({ code: "ECONNREFUSED" }), "transient"],
  [
    "a lost connection deep down",
    failure({ name: "ProviderError", cause: failure({ code: "ECONNRESET" }) }),
    "transient",
  ],
  ["throttling", failure({ name: "ThrottlingException", $fault: "client" }), "transient"],
  ["a service that is down", failure({ $fault: "server", $metadata: { httpStatusCode: 503 } }), "transient"],
  ["a service that says so itself", failure({ $retryable: {} }), "transient"],
  ["a service that is overrun", failure({ $metadata: { httpStatusCode: 429 } }), "transient"],
  [
    "access denied",
    failure({ name: "AccessDenied", $fault: "client", $metadata: { httpStatusCode: 403 } }),
    "build",
  ],
  ["a text", "secret-in-message", "build"],
  ["a circle of causes", circle(), "build"],
])("when the credentials fail with %s nothing is sent, and nothing is shown", async (_name, thrown, kind) => {
  const server = await serverOfTest();
  const auth = awsSigV4Auth({
    ...bedrock,
    credentials: () => {
      throw thrown;
    },
  });
  const request = { method: "GET", url: server.url, headers: new Headers() };
  const error = await applyAuth(auth, request).catch((caught: unknown) => caught);
  expect(isAuthError(error) && error.kind).toBe(kind);
  const sent = await transportOfTest()
    .execute({ method: "GET", url: server.url }, { auth, retry: oneRetry })
    .catch((caught: unknown) => caught);
  expect(isTransportError(sent) && sent.kind).toBe(kind === "build" ? "build" : "network");
  expect(server.requests).toHaveLength(0);
  for (const shown of [error, sent])
    expect(inspect(shown, { depth: 9, showHidden: true })).not.toContain("secret-in");
});

function circle(): Error {
  const error = failure({ name: "Circle" });
  return Object.assign(error, { cause: error });
}

test("credentials that come back after a retryable failure are used", async () => {
  const server = await serverOfTest();
  let asked = 0;
  const auth = awsSigV4Auth({
    ...bedrock,
    credentials: async () => {
      asked += 1;
      if (asked === 1) throw failure({ code: "ETIMEDOUT" });
      return credentials;
    },
  });
  await transportOfTest().execute({ method: "GET", url: server.url }, { auth, retry: oneRetry });
  expect(server.requests).toHaveLength(1);
});

test.each<[string, unknown, string]>([
  ["no access key id", { ...credentials, accessKeyId: "" }, "lack an access key id or a secret access key"],
  ["no secret", { accessKeyId: "AKID" }, "lack an access key id or a secret access key"],
  ["nothing at all", undefined, "lack an access key id or a secret access key"],
  [
    "expired ones",
    { ...credentials, expiration: new Date(0) },
    "expired at 1970-01-01T00:00:00.000Z; refresh them",
  ],
  [
    "a token that no header can carry",
    { ...credentials, sessionToken: "secret\nin" },
    "a header cannot carry",
  ],
])("with %s nothing is signed", async (_name, wrong, message) => {
  const auth = awsSigV4Auth({ ...bedrock, credentials: async () => wrong as AwsCredentials });
  const request = { method: "GET", url: "http://127.0.0.1/", headers: new Headers() };
  const error = await applyAuth(auth, request).catch((caught: unknown) => caught);
  expect(isAuthError(error) && error.kind).toBe("build");
  expect(String(error)).toContain(message);
  expect(inspect(error, { depth: 9 })).not.toMatch(/secret.in|wJalr/);
});

test.each(["https://host.test/?a=%zz", "no address"])(
  "what cannot be read cannot be signed: %s",
  async (url) => {
    const request = { method: "GET", url, headers: new Headers() };
    await expect(applyAuth(awsSigV4Auth(bedrock), request)).rejects.toMatchObject({
      name: "AuthError",
      kind: "build",
    });
  },
);

test("gives no headers alone, and telemetry says so", () => {
  const auth = awsSigV4Auth(bedrock);
  expect(() => toAuthHeaders(auth)).toThrow("an AWS signature is of a whole request");
  expect(authHeaderTelemetry(auth)).toEqual({ attached: false });
});

test("prints no secret", () => {
  const auth = awsSigV4Auth({ ...bedrock, credentials: { ...credentials, sessionToken: "token-1" } });
  expect(inspect(auth, { depth: 9, showHidden: true }) + JSON.stringify(auth)).not.toMatch(/wJalr|token-1/);
});

test.each([
  [{ region: "" }, '"region" must be a name such as us-east-1'],
  [{ region: "us-east-1/x" }, '"region" must be a name such as us-east-1'],
  [{ service: "bedrock mantle" }, '"service" must be a name such as bedrock-mantle'],
])("refuses %j", (wrong, message) => {
  expect(() => awsSigV4Auth({ ...bedrock, ...wrong })).toThrow(new TypeError(message));
});

test("any path, query, header and body is signed as a server checks it", async () => {
  const auth = awsSigV4Auth(bedrock);
  const text = fc.string({ unit: "grapheme", maxLength: 12 });
  const segment = text.map(encodeURIComponent).filter((part) => part !== "." && part !== ".." && part !== "");
  const pairs = fc.array(fc.tuple(text, text), { maxLength: 5 });
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  await fc.assert(
    fc.asyncProperty(
      fc.array(segment, { maxLength: 4 }),
      pairs,
      value,
      fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
      async (path, query, header, bytes) => {
        const search = query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
        const url = `https://host.test:8443/${path.join("/")}?${search}`;
        const signed = await applyAuth(auth, {
          method: "POST",
          url,
          headers: new Headers({ "x-any": header }),
          ...(bytes === undefined ? {} : { body: bytes }),
        });
        const { pathname, search: sent } = new URL(url);
        const headers = { ...Object.fromEntries(signed.headers), host: "host.test:8443" };
        const seen = { method: "POST", target: pathname + sent, headers, body: Buffer.from(bytes ?? []) };
        expect(findSignatureFault(seen, credentials.secretAccessKey)).toBeUndefined();
      },
    ),
  );
});
