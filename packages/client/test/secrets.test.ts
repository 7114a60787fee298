import { inspect } from "node:util";
import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TransportError } from "../src/errors.js";
import type { AttemptReport } from "../src/telemetry.js";
import { createTransport, type Transport } from "../src/transport.js";
import { startServer, type TestServer } from "./support/test-server.js";

type Failure =
  | "abort"
  | "cut"
  | "echo"
  | "garbage"
  | "header"
  | "html"
  | "redirect"
  | "recover"
  | "refused"
  | "signer"
  | "stall";

let server: TestServer;
let transport: Transport;

beforeAll(async () => {
  server = await startServer((request, response) => {
    const { headers, path } = request;
    const { authorization } = headers;
    const token = authorization?.slice("Bearer ".length);
    const echo = JSON.stringify({ error: { message: `no: ${authorization} ${path}`, token, headers } });
    if (path.startsWith("/stall")) return;
    if (path.startsWith("/cut")) response.writeHead(200, { "content-length": "99" }).write(echo.slice(0, 50));
    if (path.startsWith("/cut")) setTimeout(() => response.destroy(), 1);
    else if (path.startsWith("/garbage")) response.socket?.end(`HTP/1.1 ${echo}\r\n\r\n`);
    else if (path.startsWith("/html")) response.writeHead(403, { "content-type": "text/html" }).end(echo);
    else if (path.startsWith("/redirect"))
      response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(echo);
    else response.writeHead(401, { "www-authenticate": `Bearer error="${authorization}"` }).end(echo);
  });
  transport = createTransport({ headersTimeoutMs: 25 });
});
afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

/** Another secret, under a name that does not sound like one. */
function proofOf(secret: string): string {
  return [...secret].reverse().join("");
}

function provider(secret: string, failure: Failure): AuthProvider {
  const addAuthHeaders = (headers: Headers) => {
    if (failure === "signer") throw new RangeError(`cannot sign with ${secret}`);
    headers.set("authorization", failure === "header" ? `Bearer ${secret}\n0` : `Bearer ${secret}`);
    headers.set("x-proof", proofOf(secret));
  };
  if (failure !== "recover") return { addAuthHeaders };
  return { addAuthHeaders, recover: () => Promise.reject(new Error(`${secret} is revoked`)) };
}

async function failWith(
  secret: string,
  failure: Failure,
  operation: "execute" | "stream",
  headersTimeoutMs?: number,
): Promise<unknown[]> {
  const reports: AttemptReport[] = [];
  const signal = failure === "abort" ? AbortSignal.timeout(5) : undefined;
  const origin = failure === "refused" ? "http://127.0.0.1:1" : server.origin;
  const path = failure === "abort" ? "stall" : failure;
  const sending = transport[operation](
    {
      method: "POST",
      url: `${origin}/${path}?access_token=${encodeURIComponent(secret)}`,
      body: { json: secret },
    },
    {
      auth: provider(secret, failure),
      signal,
      telemetry: { onRequest: (report) => reports.push(report) },
      headersTimeoutMs,
    },
  );
  const error = await sending.then(
    async (result) => {
      // A stream that breaks off fails its reader.
      if (!("cancel" in result)) throw new Error("it did not fail");
      try {
        for await (const _chunk of result.body);
        return undefined;
      } catch (cause) {
        return cause;
      }
    },
    (cause: unknown) => cause,
  );
  expect((error as TransportError).kind).toBeDefined();
  return [error, ...reports];
}

/** All that can be found by looking, however hard. */
function everythingOf(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const parts = [String(value), inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })];
  if (value instanceof Headers) parts.push(...[...value].flat());
  for (const key of Reflect.ownKeys(value)) {
    parts.push(String(key), ...everythingOf(Reflect.get(value, key), seen));
  }
  parts.push(JSON.stringify(value, undefined, 1) ?? "");
  return parts;
}

const tokens = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{16,60}$/);
const failures = fc.constantFrom<Failure>(
  "abort",
  "cut",
  "echo",
  "garbage",
  "header",
  "html",
  "recover",
  "redirect",
  "refused",
  "signer",
  "stall",
);

test("no error and no report shows the credential", { timeout: 30_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      tokens,
      failures,
      fc.constantFrom("execute" as const, "stream" as const),
      async (secret, failure, operation) => {
        for (const shown of await failWith(secret, failure, operation)) {
          for (const text of everythingOf(shown)) {
            expect(text).not.toContain(secret);
            expect(text).not.toContain(proofOf(secret));
          }
        }
      },
    ),
    { numRuns: 120, examples: [["a".repeat(16), "echo", "execute"]] },
  );
});

test.each(["padded=inside=and=behind=", "plain-0123456789"])(
  "a server that echoes the token %j without its scheme does not show it",
  async (token) => {
    const auth = { addAuthHeaders: (headers: Headers) => headers.set("authorization", `Bearer ${token}`) };
    const request = { method: "GET", url: `${server.origin}/echo` };
    const error = await transport.execute(request, { auth }).catch((cause: unknown) => cause);
    expect(JSON.parse((error as TransportError).body ?? "").error.token).toBe("[redacted]");
  },
);

test("the rest of what the server said stays", async () => {
  const [error] = (await failWith("sk-0123456789abcdef", "echo", "execute", 0)) as [TransportError];
  expect(JSON.parse(error.body ?? "")).toMatchObject({
    error: {
      message: "no: [redacted] /echo?access_token=[redacted]",
      headers: { authorization: "[redacted]", "x-proof": "[redacted]" },
    },
  });
  expect(error.headers?.get("www-authenticate")).toBe('Bearer error="[redacted]"');
});

test("an error of the provider keeps the cause that the provider chose", async () => {
  const failure = new AuthError("locked", { kind: "build", cause: new Error("why") });
  const addAuthHeaders = () => {
    throw failure;
  };
  const sending = transport.execute({ method: "GET", url: server.origin }, { auth: { addAuthHeaders } });
  await expect(sending).rejects.toMatchObject({ cause: failure });
});
