import {
  chmod,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { replaceFile, resolveTarget } from "../src/index.js";

test("replaces a file, and leaves nothing beside it", async () => {
  const path = join(await temporaryFolder(), "cache.json");
  await replaceFile(path, "old");
  await replaceFile(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(join(path, ".."))).toEqual(["cache.json"]);
});

test.skipIf(process.platform === "win32")("tightens a file that was open to others", async () => {
  const path = join(await temporaryFolder(), "cache.json");
  await writeFile(path, "old");
  await chmod(path, 0o666);
  await replaceFile(path, "new");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.skipIf(process.platform === "win32")("makes missing folders for the owner alone", async () => {
  const folder = join(await temporaryFolder(), "a", "b");
  await replaceFile(join(folder, "cache.json"), "text");
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test("writes through a chain of symbolic links to a file that is not there yet", async () => {
  const folder = await temporaryFolder();
  await symlink("middle", join(folder, "link"));
  await symlink(join(folder, "real"), join(folder, "middle"));
  expect(await resolveTarget(join(folder, "link"))).toBe(await resolveTarget(join(folder, "real")));
  await replaceFile(join(folder, "link"), "text");
  expect(await readFile(join(folder, "real"), "utf8")).toBe("text");
  expect(await readlink(join(folder, "link"))).toBe("middle");
});

test("fails in the system's own words for links that go in a circle", async () => {
  const folder = await temporaryFolder();
  await symlink("b", join(folder, "a"));
  await symlink("a", join(folder, "b"));
  await expect(replaceFile(join(folder, "a"), "text")).rejects.toMatchObject({ code: "ELOOP" });
});

test("leaves the place as it was when the file cannot be replaced", async () => {
  const folder = await temporaryFolder();
  await replaceFile(join(folder, "taken", "inside"), "kept");
  await expect(replaceFile(join(folder, "taken"), "text")).rejects.toMatchObject({
    code: expect.stringMatching(/^E/),
  });
  expect(await readdir(folder)).toEqual(["taken"]);
  expect(await readFile(join(folder, "taken", "inside"), "utf8")).toBe("kept");
});

test("readers see one whole text at any time, whoever writes", async () => {
  const path = join(await temporaryFolder(), "cache.json");
  const texts = ["a", "b", "c"].map((letter) => letter.repeat(200_000));
  await replaceFile(path, texts[0] ?? "");
  let isWriting = true;
  const writers = texts.map(async (text) => {
    for (let round = 0; round < 20; round += 1) await replaceFile(path, text);
  });
  const torn: string[] = [];
  const reader = (async () => {
    while (isWriting) {
      const text = await readFile(path, "utf8");
      if (!texts.includes(text)) torn.push(text.slice(0, 20));
    }
  })();
  await Promise.all(writers);
  isWriting = false;
  await reader;
  expect(torn).toEqual([]);
});

test("clears away what killed writers have left, and nothing that is young or another's", async () => {
  const folder = await temporaryFolder();
  const names = [".cache.json.old.tmp", ".cache.json.young.tmp", ".other.json.old.tmp"];
  for (const name of names) await writeFile(join(folder, name), "");
  const anHourAgo = Date.now() / 1000 - 3600;
  for (const name of names.filter((name) => name.includes("old"))) {
    await utimes(join(folder, name), anHourAgo, anHourAgo);
  }
  await replaceFile(join(folder, "cache.json"), "text");
  expect((await readdir(folder)).sort()).toEqual([
    ".cache.json.young.tmp",
    ".other.json.old.tmp",
    "cache.json",
  ]);
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-atomic-file-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
