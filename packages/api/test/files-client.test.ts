import { createReadStream } from "node:fs";
import { expect, test } from "vitest";
import type { FileSource, UploadProgress } from "../src/index.js";
import { loginOf } from "./support/chatgpt-login.js";
import { answerWith } from "./support/endpoint-backend.js";
import { askedOf, startFilesBackend, temporaryFile } from "./support/files-backend.js";

const hello: FileSource = { bytes: Buffer.from("hello"), name: "notes.txt" };
const allSteps = ["POST /backend-api/files", "PUT /blobs/<id>", "POST /backend-api/files/<id>/uploaded"];

test("announces a file, sends its content, and asks until it was taken in", async () => {
  const { backend, client } = await startFilesBackend({}, { finalizeRetries: 1 });

  const uploaded = await client.upload(hello);

  const [file] = backend.files;
  expect(file?.content?.toString()).toBe("hello");
  expect(uploaded).toStrictEqual({
    file_id: file?.id,
    uri: `sediment://${file?.id}`,
    download_url: expect.stringContaining(`/blobs/${file?.id}?sig=`),
    file_name: "notes.txt",
    file_size_bytes: 5,
    mime_type: "text/plain",
  });
  expect(askedOf(backend)).toEqual([...allSteps, "POST /backend-api/files/<id>/uploaded"]);
  const [created, put, finalized] = backend.requests;
  expect(created?.json()).toStrictEqual({ file_name: "notes.txt", file_size: 5, use_case: "codex" });
  expect(created?.headers).toMatchObject({
    authorization: "Bearer access-token-test",
    "chatgpt-account-id": "account-test",
    "content-type": "application/json",
  });
  expect(finalized?.json()).toStrictEqual({});
  expect(finalized?.headers.authorization).toBe("Bearer access-token-test");
  expect(put?.headers["content-length"]).toBe("5");
});

test("the content goes out without credential, cookies, trace, and introduction", async () => {
  const { backend, client } = await startFilesBackend(
    {},
    {},
    {
      headers: { "x-mine": "1" },
      trace: () => ({ traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }),
    },
  );
  await client.upload(hello);
  const { host: _host, connection: _connection, ...headers } = backend.requests[1]?.headers ?? {};
  expect(headers).toEqual({
    accept: "*/*",
    "content-length": "5",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-client-request-id": expect.stringMatching(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
  });
});

test("a slash at the end of the base makes no difference", async () => {
  const { backend, login } = await startFilesBackend();
  const { client } = await startFilesBackend({
    auth: login,
    provider: { name: "test", baseUrl: `${backend.urls.chatgpt}//`, headers: { "x-a": "1" } },
  });
  await client.upload(hello);
  expect(askedOf(backend)).toEqual(allSteps);
  expect(backend.requests.map(({ headers }) => headers["x-a"])).toEqual(["1", undefined, "1"]);
});

test("uploads a file from disk under its own name, or another", async () => {
  const { backend, client } = await startFilesBackend();
  const content = Buffer.alloc(200_000, "0123456789");
  const path = await temporaryFile("data.bin", content);
  expect((await client.upload({ path })).file_name).toBe("data.bin");
  expect((await client.upload({ path, name: "other.txt" })).file_name).toBe("other.txt");
  expect(backend.files.map((file) => file.content?.equals(content))).toEqual([true, true]);
});

test("uploads whatever yields bytes, if its size is known", async () => {
  const { backend, client } = await startFilesBackend();
  const path = await temporaryFile("data.bin", "from a stream");
  await client.upload({ stream: createReadStream(path), size: 13, name: "a" });
  await client.upload({
    stream: (async function* () {
      yield new Uint8Array([65]);
      yield new Uint8Array();
      yield new Uint8Array([66]);
    })(),
    size: 2,
    name: "b",
  });
  expect(backend.files.map(({ content }) => content?.toString())).toEqual(["from a stream", "AB"]);
});

test("tells how far it is, and that all is there only when it is", async () => {
  const { backend, client } = await startFilesBackend();
  const seen: (UploadProgress & { stored: boolean })[] = [];
  await client.upload(
    { bytes: Buffer.alloc(150_000), name: "a" },
    { onProgress: (progress) => seen.push({ ...progress, stored: backend.files[0]?.content !== undefined }) },
  );
  expect(seen).toEqual([
    { sentBytes: 65_536, totalBytes: 150_000, stored: false },
    { sentBytes: 131_072, totalBytes: 150_000, stored: false },
    { sentBytes: 150_000, totalBytes: 150_000, stored: true },
  ]);
});

test("who watches cannot break it", async () => {
  const { client } = await startFilesBackend();
  const onProgress = (): never => {
    throw new Error("watching failed");
  };
  expect((await client.upload(hello, { onProgress })).file_size_bytes).toBe(5);
});

test("names the hosted tool that the file is for", async () => {
  const { backend, client } = await startFilesBackend();
  await client.upload(hello, { hostedTool: { connectorId: "con_1", actionName: "read", model: "gpt-5.5" } });
  expect(backend.requests[0]?.json()).toStrictEqual({
    file_name: "notes.txt",
    file_size: 5,
    use_case: "codex",
    codex_connector_id: "con_1",
    codex_action_name: "read",
    codex_model: "gpt-5.5",
  });
});

test("what the server says of the file counts, and the rest is as announced", async () => {
  const { backend, client } = await startFilesBackend();
  const answer = { status: "success", download_url: "https://d", file_name: "renamed", file_size_bytes: 6 };
  answerWith(backend, "/uploaded", JSON.stringify(answer));
  answerWith(
    backend,
    "/uploaded",
    JSON.stringify({ status: "success", download_url: "https://d", extra: 1 }),
  );
  expect(await client.upload(hello)).toMatchObject({
    file_name: "renamed",
    file_size_bytes: 6,
    mime_type: null,
  });
  expect(await client.upload(hello)).toMatchObject({
    file_name: "notes.txt",
    file_size_bytes: 5,
    mime_type: null,
  });
});

const refusal = "ChatGPT auth is required to upload files for Codex Apps tools";

test.each([
  ["an API key", loginOf("sk-test", { mode: "apikey", usesCodexBackend: false })],
  ["a Bedrock key", loginOf("key", { mode: "bedrockApiKey", usesCodexBackend: false })],
  ["no login", undefined],
])("with %s nothing is sent", async (_what, snapshot) => {
  const { backend, client, login } = await startFilesBackend();
  login.snapshot = snapshot;
  await expect(client.upload(hello)).rejects.toMatchObject({
    kind: "file",
    code: "auth_required",
    message: refusal,
  });
  expect(backend.requests).toHaveLength(0);
  expect(backend.openSockets).toBe(0);
});

test.each(["chatgpt", "chatgptAuthTokens", "agentIdentity", "personalAccessToken", "headers"])(
  "a login of mode %s may upload if it uses the Codex backend",
  async (mode) => {
    const { client, login } = await startFilesBackend();
    login.snapshot = loginOf("access-token-test", { mode });
    expect((await client.upload(hello)).file_size_bytes).toBe(5);
  },
);

test("a login that changes to an API key in the middle is not used for the rest", async () => {
  const { backend, client, login } = await startFilesBackend();
  const failed = client.upload(hello, {
    onProgress: () => {
      login.snapshot = loginOf("sk-test", { mode: "apikey", usesCodexBackend: false });
    },
  });
  await expect(failed).rejects.toMatchObject({
    kind: "transport",
    code: "auth",
    message: expect.stringContaining(refusal),
  });
  expect(askedOf(backend)).toEqual(allSteps.slice(0, 2));
});

test("a login that cannot be read is an error of its own", async () => {
  const { backend, client, login } = await startFilesBackend();
  const cause = new Error("the file is damaged");
  login.current = () => Promise.reject(cause);
  await expect(client.upload(hello)).rejects.toMatchObject({ kind: "file", code: "auth", cause });
  expect(backend.requests).toHaveLength(0);
});

test("a 401 is recovered from, with the newest login", async () => {
  const { backend, client, login } = await startFilesBackend();
  login.snapshot = loginOf("expired");
  const { recover } = login.provider;
  login.provider.recover = async (rejection) => {
    login.snapshot = loginOf("access-token-test");
    return (await recover?.(rejection)) === true;
  };
  await client.upload(hello);
  expect(backend.requests.map(({ status }) => status)).toEqual([401, 200, 201, 200]);
  expect(login.recoveries).toBe(1);
});

test("a signal that has fired ends an upload before it starts", async () => {
  const { backend, client } = await startFilesBackend();
  const upload = client.upload(hello, { signal: AbortSignal.abort("enough") });
  await expect(upload).rejects.toMatchObject({ kind: "aborted", cause: "enough" });
  expect(backend.requests).toHaveLength(0);
});

test.each([
  ["announced", { kind: "stall_headers", path: "/files" } as const, 1],
  ["sent", { kind: "stop_reading", afterBytes: 0, path: /^\/blobs/ } as const, 2],
  ["taken in", { kind: "stall_headers", path: "/uploaded" } as const, 3],
])("the signal ends an upload at once while its file is %s", async (_when, fault, requests) => {
  const { backend, client } = await startFilesBackend();
  backend.fault(fault);
  const controller = new AbortController();
  const failed = expect(client.upload(hello, { signal: controller.signal })).rejects.toMatchObject({
    kind: "aborted",
    message: "the request was aborted",
    cause: "enough",
  });
  await backend.waitForRequests(requests);
  controller.abort("enough");
  await failed;
  expect(await backend.requests.at(-1)?.outcome).toBe("aborted");
});

test("the signal ends the pause before the server is asked again", async () => {
  const { backend, client } = await startFilesBackend({ finalizeIntervalMs: 60_000 }, { finalizeRetries: 1 });
  const controller = new AbortController();
  const failed = expect(client.upload(hello, { signal: controller.signal })).rejects.toMatchObject({
    kind: "aborted",
    cause: "enough",
  });
  const [, , question] = await backend.waitForRequests(3);
  await question?.outcome;
  controller.abort("enough");
  await failed;
  expect(backend.requests).toHaveLength(3);
});
