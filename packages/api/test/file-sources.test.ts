import { execFile } from "node:child_process";
import { appendFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { chmod, readdir, readlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Backend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import type { FileErrorCode, FileSource } from "../src/index.js";
import { startFilesBackend, temporaryFile, temporaryFolder } from "./support/files-backend.js";

const limit = 512 * 1024 * 1024;

/** Uploads what must not be uploaded, and makes sure that nothing was sent. */
async function expectRefused(
  source: FileSource,
  code: FileErrorCode,
  message: string,
  options: { readonly maxFileBytes?: number } = {},
): Promise<void> {
  const { backend, client } = await startFilesBackend(options);
  await expect(client.upload(source)).rejects.toMatchObject({ kind: "file", code, message });
  expect(backend.requests).toHaveLength(0);
}

test("a file that is missing", async () => {
  const path = join(await temporaryFolder(), "nowhere.txt");
  await expectRefused({ path }, "file_missing", `file \`${path}\` does not exist`);
  const within = join(await temporaryFile("file", "x"), "child");
  await expectRefused({ path: within }, "file_missing", `file \`${within}\` does not exist`);
});

test("a folder", async () => {
  const path = await temporaryFolder();
  await expectRefused({ path }, "file_unreadable", `path \`${path}\` is not a file`);
});

test.skipIf(process.platform === "win32")("a pipe, for which nobody waits", async () => {
  const path = join(await temporaryFolder(), "pipe");
  await promisify(execFile)("mkfifo", [path]);
  await expectRefused({ path }, "file_unreadable", `path \`${path}\` is not a file`);
});

test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
  "a file that may not be read",
  async () => {
    const path = await temporaryFile("private", "x");
    await chmod(path, 0o200);
    await expectRefused({ path }, "file_unreadable", `file \`${path}\` cannot be opened: EACCES`);
  },
);

test("a path that is none", async () => {
  await expectRefused(
    { path: "a\0b" },
    "file_unreadable",
    "file `a\0b` cannot be opened: ERR_INVALID_ARG_VALUE",
  );
});

test("an empty file, on disk and elsewhere", async () => {
  const path = await temporaryFile("empty.txt", "");
  await expectRefused({ path }, "file_empty", `file \`${path}\` is empty`);
  await expectRefused({ bytes: new Uint8Array(), name: "a" }, "file_empty", "file `a` is empty");
  await expectRefused({ stream: neverRead, size: 0, name: "a" }, "file_empty", "file `a` is empty");
});

test("a file over the limit, which is not read", async () => {
  const path = await temporaryFile("huge.bin", "");
  await truncate(path, limit + 1);
  await expectRefused(
    { path },
    "file_too_large",
    `file \`${path}\` is too large: 536870913 bytes exceeds the limit of 536870912 bytes`,
  );
  await expectRefused(
    { stream: neverRead, size: limit + 1, name: "a" },
    "file_too_large",
    "file `a` is too large: 536870913 bytes exceeds the limit of 536870912 bytes",
  );
});

test("a file over another limit", async () => {
  const text = "file `a` is too large: 11 bytes exceeds the limit of 10 bytes";
  await expectRefused({ bytes: Buffer.alloc(11), name: "a" }, "file_too_large", text, { maxFileBytes: 10 });
  const { client } = await startFilesBackend({ maxFileBytes: 10 });
  expect((await client.upload({ bytes: Buffer.alloc(10), name: "a" })).file_size_bytes).toBe(10);
});

test.each<readonly [FileSource, string]>([
  [{ bytes: "text" as unknown as Uint8Array, name: "a" }, '"file.bytes" must be a Uint8Array'],
  [
    { stream: [] as unknown as AsyncIterable<Uint8Array>, size: -1, name: "a" },
    '"file.size" must be a non-negative integer',
  ],
  [
    { stream: [] as unknown as AsyncIterable<Uint8Array>, size: 0.5, name: "a" },
    '"file.size" must be a non-negative integer',
  ],
])("what is no source is refused: %j", async (source, message) => {
  const { client } = await startFilesBackend();
  await expect(client.upload(source)).rejects.toThrow(new TypeError(message));
});

test.each<readonly [object, string]>([
  [{ maxFileBytes: -1 }, '"maxFileBytes" must be a non-negative number'],
  [{ requestTimeoutMs: Number.NaN }, '"requestTimeoutMs" must be a non-negative number of milliseconds'],
  [{ finalizeTimeoutMs: -1 }, '"finalizeTimeoutMs" must be a non-negative number of milliseconds'],
  [{ finalizeIntervalMs: -1 }, '"finalizeIntervalMs" must be a non-negative number of milliseconds'],
])("what is no limit is refused: %j", async (options, message) => {
  await expect(startFilesBackend(options)).rejects.toThrow(new TypeError(message));
});

const neverRead: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]() {
    throw new Error("it was read");
  },
};

/** Changes a file when the first bytes of it have gone out, and tells how the upload ended. */
async function changeWhileSent(change: (path: string) => void): Promise<unknown> {
  const path = await temporaryFile("data.bin", Buffer.alloc(300_000, 1));
  const { backend, client } = await startFilesBackend();
  let isChanged = false;
  const onProgress = (): void => {
    if (!isChanged) change(path);
    isChanged = true;
  };
  const failure = await client.upload({ path }, { onProgress }).catch((error: unknown) => error);
  expectNothingStored(backend);
  return failure;
}

/** The storage must not have got a whole request, and nobody may have asked whether it did. */
function expectNothingStored(backend: Backend): void {
  expect(backend.files[0]).toMatchObject({ content: undefined, finalizeCount: 0 });
}

test("a file that becomes longer while it is sent", async () => {
  expect(await changeWhileSent((path) => appendFileSync(path, Buffer.alloc(500_000)))).toMatchObject({
    kind: "file",
    code: "file_changed",
    message: expect.stringMatching(
      /^file `.*data\.bin` changed while it was sent: it has more than 300000 bytes$/,
    ),
  });
});

test("a file that becomes shorter while it is sent", async () => {
  expect(await changeWhileSent((path) => truncateSync(path, 100_000))).toMatchObject({
    kind: "file",
    code: "file_changed",
    message: expect.stringMatching(/^file `.*data\.bin` changed while it was sent$/),
  });
});

test("a file that is written over while it is sent", async () => {
  const overwrite = (path: string): void => {
    writeFileSync(path, "other", { flag: "r+" });
    // A coarse clock could show the same time as before.
    utimesSync(path, new Date(0), new Date(0));
  };
  expect(await changeWhileSent(overwrite)).toMatchObject({
    kind: "file",
    code: "file_changed",
    message: expect.stringMatching(/^file `.*data\.bin` changed while it was sent$/),
  });
});

const broken = new Error("the disk is on fire");

test.each<readonly [string, () => AsyncIterable<unknown>, FileErrorCode, string, unknown]>([
  [
    "is too short",
    () => chunks("ab", "c"),
    "file_changed",
    "changed while it was sent: it ended after 3 of 5 bytes",
    undefined,
  ],
  [
    "is too long",
    () => chunks("abc", "def"),
    "file_changed",
    "changed while it was sent: it has more than 5 bytes",
    undefined,
  ],
  [
    "has more behind its end",
    () => chunks("abcde", "f"),
    "file_changed",
    "changed while it was sent: it has more than 5 bytes",
    undefined,
  ],
  ["yields text", () => texts("abcde"), "file_unreadable", "could not be read", expect.any(TypeError)],
  ["fails", () => failing(), "file_unreadable", "could not be read", broken],
  [
    "fails with the error of another upload",
    () => failing("abc"),
    "file_unreadable",
    "could not be read",
    broken,
  ],
])("a stream that %s", async (_what, open, code, text, cause) => {
  const { backend, client } = await startFilesBackend();
  const stream = open() as AsyncIterable<Uint8Array>;
  await expect(client.upload({ stream, size: 5, name: "a" })).rejects.toMatchObject({
    kind: "file",
    code,
    message: `file \`a\` ${text}`,
    ...(cause === undefined ? {} : { cause }),
  });
  expectNothingStored(backend);
});

async function* chunks(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function* texts(...parts: readonly string[]): AsyncGenerator<string> {
  yield* parts;
}

async function* failing(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  yield* chunks(...parts);
  throw broken;
}

test("a stream of which nothing is sent is left alone", async () => {
  const { client, login } = await startFilesBackend();
  login.snapshot = undefined;
  await expect(client.upload({ stream: neverRead, size: 5, name: "a" })).rejects.toMatchObject({
    code: "auth_required",
  });
});

test.skipIf(process.platform !== "linux")("a file is closed, however its upload ends", async () => {
  const path = await temporaryFile("notes.txt", "hello");
  const { backend, client } = await startFilesBackend();
  await client.upload({ path });
  backend.fault({ kind: "status", status: 500, path: "/files" });
  await expect(client.upload({ path })).rejects.toMatchObject({ status: 500 });
  backend.fault({ kind: "reset_reading", afterBytes: 1, path: /^\/blobs/ });
  await expect(client.upload({ path })).rejects.toMatchObject({ kind: "transport" });
  const { client: strict } = await startFilesBackend({ maxFileBytes: 1 });
  await expect(strict.upload({ path })).rejects.toMatchObject({ code: "file_too_large" });

  const descriptors = await readdir("/proc/self/fd");
  const open = await Promise.all(
    descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => "")),
  );
  expect(open).not.toContain(path);
});
