import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { AuthError } from "@codex-ts/auth-provider";
import { isTransportError } from "@codex-ts/client";
import { expect, test } from "vitest";
import { checkedUploadUrl } from "../src/files/upload-url.js";
import { type ApiError, type FileSource, isApiError } from "../src/index.js";
import { answerWith } from "./support/endpoint-backend.js";
import { type FilesBackend, startFilesBackend } from "./support/files-backend.js";

const hello: FileSource = { bytes: Buffer.from("hello"), name: "notes.txt" };

async function failureOf(
  { client }: Pick<FilesBackend, "client">,
  source: FileSource = hello,
): Promise<ApiError> {
  const error = await client.upload(source).catch((caught: unknown) => caught);
  if (!isApiError(error)) throw new Error("it did not fail as it should", { cause: error });
  return error;
}

test.each([
  ["announced", "/files", "/files"],
  ["taken in", "/uploaded", "/files/<id>/uploaded"],
])(
  "a refusal while a file is %s names the URL and the status, and keeps the body aside",
  async (_when, path, shown) => {
    const files = await startFilesBackend();
    const { backend } = files;
    backend.fault({
      kind: "status",
      status: 503,
      path,
      body: "private",
      headers: { "x-request-id": "req_9", "retry-after": "7" },
    });
    const error = await failureOf(files);
    expect(error).toMatchObject({ kind: "transport", status: 503, requestId: "req_9", delayMs: 7000 });
    const url = `${backend.urls.chatgpt}${shown.replace("<id>", backend.files[0]?.id ?? "")}`;
    expect(error.message).toBe(`OpenAI file request to ${url} failed with status 503 Service Unavailable`);
    expect(isTransportError(error.cause) && error.cause.body).toBe("private");
  },
);

test("nothing is tried again", async () => {
  const files = await startFilesBackend({}, {}, { sleep: async () => {} });
  files.backend.fault({ kind: "status", status: 503, path: "/files", headers: { "retry-after": "0" } });
  await failureOf(files);
  expect(files.backend.requests).toHaveLength(1);
});

test("a request that breaks is named with its URL", async () => {
  const files = await startFilesBackend();
  files.backend.fault({ kind: "reset", path: "/files" });
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "transport", cause: { kind: "network" } });
  expect(error.message).toMatch(
    new RegExp(`^failed to send OpenAI file request to ${files.backend.urls.chatgpt}/files: network error: `),
  );
});

test.each(["/files", "/uploaded"])("a request to …%s that takes too long is ended", async (path) => {
  const files = await startFilesBackend({ requestTimeoutMs: 250 });
  files.backend.fault({ kind: "stall_headers", path });
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "transport", code: "request_timeout" });
  expect(error.message).toMatch(/^failed to send OpenAI file request to .*: timeout$/);
});

test.each([
  ["/files", "{}", "missing field `file_id`"],
  ["/files", '{"file_id":"f"}', "missing field `upload_url`"],
  ["/files", '{"file_id":"..","upload_url":"https://h"}', "file_id: Expected an id"],
  ["/files", '{"file_id":"","upload_url":"https://h"}', "file_id: Expected an id"],
  ["/files", "<", "the answer is not JSON"],
  ["/uploaded", "{}", "missing field `status`"],
  ["/uploaded", '{"status":1}', "status: Invalid input: expected string, received number"],
])("an answer of %s that is %s says where it is wrong", async (path, body, reason) => {
  const files = await startFilesBackend();
  answerWith(files.backend, path, body);
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "stream", code: "invalid_answer" });
  expect(error.message).toMatch(/^failed to parse OpenAI file response from http:\/\/[^ ]*: /);
  expect(error.message.endsWith(`: ${reason}`)).toBe(true);
});

test("an id is no path", async () => {
  const files = await startFilesBackend();
  const upload_url = `${files.backend.urls.origin}/elsewhere`;
  answerWith(files.backend, "/files", JSON.stringify({ file_id: "../a?b#c/d", upload_url }));
  files.backend.fault({ kind: "status", status: 201, path: "/elsewhere" });
  await failureOf(files);
  expect(files.backend.requests.at(-1)?.path).toBe("/backend-api/files/..%2Fa%3Fb%23c%2Fd/uploaded");
});

test.each([
  [{ status: "failed", error_message: "virus found" }, "virus found"],
  [{ status: "failed" }, "upload finalization returned an error"],
  [{ status: "success" }, "missing download_url"],
])("the server's %j is a failed upload", async (answer, reason) => {
  const files = await startFilesBackend();
  answerWith(files.backend, "/uploaded", JSON.stringify(answer));
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "file", code: "upload_failed" });
  expect(error.message).toBe(`OpenAI file upload for \`${files.backend.files[0]?.id}\` failed: ${reason}`);
});

test("a content that is never taken in is given up in the end", async () => {
  const files = await startFilesBackend(
    { finalizeTimeoutMs: 200, finalizeIntervalMs: 5 },
    { finalizeRetries: Number.POSITIVE_INFINITY },
  );
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "file", code: "upload_not_ready" });
  expect(error.message).toBe(`OpenAI file upload for \`${files.backend.files[0]?.id}\` is not ready yet`);
  expect(files.backend.files[0]?.finalizeCount).toBeGreaterThan(1);
});

const uuid = "[0-9a-f-]{36}";

test("a storage that refuses is named by its host, with its own ids", async () => {
  const files = await startFilesBackend();
  const { backend } = files;
  const headers = { "x-ms-request-id": "blob-7", "x-ms-error-code": "ServerBusy", "x-request-id": "other" };
  backend.fault({
    kind: "status",
    status: 503,
    path: /^\/blobs/,
    headers,
    body: "<Signature>private</Signature>",
  });
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "transport", status: 503, requestId: "blob-7" });
  expect(error.message).toMatch(
    new RegExp(
      `^OpenAI file blob upload to ${new URL(backend.urls.origin).host} failed with status 503 Service Unavailable ` +
        `\\(azure_client_request_id=${uuid}, azure_request_id=blob-7, azure_error_code=ServerBusy\\)$`,
    ),
  );
  expect(error.message).toContain(String(backend.requests[1]?.headers["x-ms-client-request-id"]));
  expect(error.cause).toBeUndefined();
});

test("a storage that does not say why is a storage that did not say", async () => {
  const files = await startFilesBackend();
  files.backend.fault({ kind: "status", status: 307, path: /^\/blobs/, headers: { location: "/blobs/x" } });
  expect((await failureOf(files)).message).toMatch(
    /failed with status 307 Temporary Redirect \(.*azure_request_id=missing, azure_error_code=missing\)$/,
  );
});

test.each([
  ["request", { kind: "reset_reading", afterBytes: 2 } as const, "network error: ", 60_000],
  ["timeout", { kind: "stop_reading", afterBytes: 0 } as const, "timeout$", 500],
])(
  "a content that does not arrive is told as a %s failure",
  async (category, fault, text, requestTimeoutMs) => {
    const files = await startFilesBackend({ requestTimeoutMs });
    files.backend.fault({ ...fault, path: /^\/blobs/ });
    const error = await failureOf(files);
    expect(error.kind).toBe("transport");
    expect(error.message).toMatch(
      new RegExp(
        `^OpenAI file blob upload to ${new URL(files.backend.urls.origin).host} failed after \\d+ ms ` +
          `\\(${category}, azure_client_request_id=${uuid}\\): ${text}`,
      ),
    );
  },
);

test("a storage that is not there is told as a connect failure", async () => {
  const files = await startFilesBackend();
  const gone = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => gone.once("listening", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const upload_url = `http://127.0.0.1:${port}/blobs/x?sig=secret`;
  answerWith(files.backend, "/files", JSON.stringify({ file_id: "f", upload_url }));
  const error = await failureOf(files);
  expect(error.code).toBe("connect_failed");
  expect(error.message).toMatch(
    new RegExp(
      `^OpenAI file blob upload to 127.0.0.1:${port} failed after \\d+ ms \\(connect, .*ECONNREFUSED`,
    ),
  );
});

test.each([
  ["not a url", "it is no URL"],
  ["http://storage.example.com/blob?sig=secret", "a file is sent over HTTPS only"],
  ["ftp://127.0.0.1/blob", "a file is sent over HTTPS only"],
  ["http://10.0.0.1/blob?sig=secret", "a file is sent over HTTPS only"],
  ["http://127.evil.example/blob", "a file is sent over HTTPS only"],
  ["https://user:secret@storage.example.com/blob", "it holds a user name or password"],
])("a file is not sent to %s", async (upload_url, reason) => {
  const files = await startFilesBackend();
  answerWith(files.backend, "/files", JSON.stringify({ file_id: "f", upload_url }));
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "file", code: "upload_url_refused" });
  expect(error.message).toBe(`the server's upload URL was refused: ${reason}`);
});

test.each([
  ["https://storage.example.com/blob", "https://chatgpt.com/backend-api"],
  ["http://127.0.0.2:8080/blob", "https://chatgpt.com/backend-api"],
  ["http://localhost/blob", "https://chatgpt.com/backend-api"],
  ["http://[::1]:1/blob", "no URL"],
  ["http://relay.example:8080/blob", "http://relay.example:8080/backend-api/"],
])("a file may be sent to %s when the server is %s", (uploadUrl, baseUrl) => {
  expect(checkedUploadUrl(uploadUrl, baseUrl).href).toBe(uploadUrl);
});

test.each(["http://relay.example:8081/blob", "http://other.example:8080/blob"])(
  "a file may not be sent to %s, which is another origin than the server",
  (uploadUrl) => {
    expect(() => checkedUploadUrl(uploadUrl, "http://relay.example:8080/backend-api")).toThrow(
      "over HTTPS only",
    );
  },
);

test("a login that cannot be renewed is a request that could not be sent", async () => {
  const files = await startFilesBackend();
  files.login.provider.recover = () => Promise.reject(new AuthError("the login is gone", { kind: "build" }));
  files.backend.fault({ kind: "unauthorized", path: "/files" });
  const error = await failureOf(files);
  expect(error).toMatchObject({ kind: "transport", code: "recovery_failed", status: 401 });
  expect(error.message).toBe(
    `failed to send OpenAI file request to ${files.backend.urls.chatgpt}/files: request build error: the login is gone`,
  );
});

test("no error shows where the content was sent to, whatever fails and however it is printed", async () => {
  const faults = [
    { kind: "status", status: 403 },
    { kind: "html" },
    { kind: "redirect", to: "https://elsewhere.example/?again=1" },
    { kind: "reset" },
    { kind: "cut", afterBytes: 0 },
    { kind: "reset_reading", afterBytes: 1 },
    { kind: "stop_reading", afterBytes: 0 },
  ] as const;
  for (const fault of faults) {
    // The limit is that of the other requests too, so it must not be short.
    const files = await startFilesBackend(fault.kind === "stop_reading" ? { requestTimeoutMs: 500 } : {});
    files.backend.fault({ ...fault, path: /^\/blobs/ });
    const error = await failureOf(files);
    const signature = files.backend.requests.at(-1)?.query.get("sig") ?? "";
    expect(signature).toMatch(/^.{40,}$/);
    for (const text of [
      ...textsIn(error),
      inspect(error, { depth: 20, showHidden: true }),
      JSON.stringify(error),
    ])
      expect(text).not.toMatch(new RegExp(`${signature}|/blobs/`));
  }
});

/** All texts that an error leads to, also through members that are not enumerable. */
function textsIn(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const members = Object.getOwnPropertyNames(value).map((name) => (value as Record<string, unknown>)[name]);
  return [...members, ...(value instanceof Headers ? value : [])].flatMap((member) => textsIn(member, seen));
}
