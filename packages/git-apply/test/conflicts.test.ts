import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { applyPatch } from "../src/index.js";
import { TestRepository } from "./support/test-repository.js";

const lines = "one\ntwo\nthree\nfour\nfive\n";

function conflict() {
  const repository = TestRepository.create({ "a.txt": lines, "b.txt": lines, "gone.txt": "gone\n" });
  const diff = repository.diffOf(() => {
    repository.write({
      "a.txt": lines.replace("two", "theirs"),
      "b.txt": lines.replace("two", "2"),
      "deep/new.txt": "new\n",
    });
    rmSync(join(repository.root, "gone.txt"));
  });
  repository.commit({ "a.txt": lines.replace("two", "ours") });
  return { repository, diff };
}

test("leaves the tree as it is when a file conflicts, and names it", async () => {
  const { repository, diff } = conflict();
  const before = repository.fingerprint();
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({
    status: "error",
    appliedPaths: [],
    skippedPaths: [],
    conflictPaths: ["a.txt"],
    exitCode: 1,
  });
  expect(repository.fingerprint()).toEqual(before);
});

test.skipIf(process.platform === "win32")(
  "finds a conflict without writing anything, not even for a moment, nor objects for good",
  async () => {
    const { repository, diff: known } = conflict();
    // Contents that the repository has never seen.
    const diff = known.replace("+2\n", "+zwei\n");
    repository.commit({ ".gitattributes": "b.txt filter=spy\n" });
    repository.git("config", "filter.spy.smudge", "touch ../written; cat");
    const objects = repository.git("count-objects");
    expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ conflictPaths: ["a.txt"] });
    expect(existsSync(join(repository.outside, "written"))).toBe(false);
    expect(repository.git("count-objects")).toBe(objects);
    await applyPatch(diff, { cwd: repository.root, onConflict: "mark" });
    expect(existsSync(join(repository.outside, "written"))).toBe(true);
    expect(repository.git("count-objects")).not.toBe(objects);
  },
);

test("leaves conflict markers when they are wanted, and applies the rest", async () => {
  const { repository, diff } = conflict();
  expect(await applyPatch(diff, { cwd: repository.root, onConflict: "mark" })).toMatchObject({
    status: "partial",
    appliedPaths: ["b.txt", "deep/new.txt", "gone.txt"],
    conflictPaths: ["a.txt"],
    exitCode: 1,
  });
  expect(repository.read("a.txt")).toBe(
    "one\n<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\nthree\nfour\nfive\n",
  );
  expect(repository.read("b.txt")).toBe(lines.replace("two", "2"));
  expect(repository.git("status", "--porcelain")).toBe("UU a.txt\nM  b.txt\nA  deep/new.txt\nD  gone.txt\n");
  expect(existsSync(join(repository.root, ".git", "index.lock"))).toBe(false);
});

test("marks do not help a file that is missing: nothing is applied", async () => {
  const { repository, diff } = conflict();
  repository.git("rm", "--quiet", "b.txt");
  const before = repository.fingerprint();
  expect(await applyPatch(diff, { cwd: repository.root, onConflict: "mark" })).toMatchObject({
    status: "error",
    appliedPaths: [],
    skippedPaths: ["b.txt"],
  });
  expect(repository.fingerprint()).toEqual(before);
});

test("a binary file that both sides changed keeps what it held", async () => {
  const repository = TestRepository.create({ "a.bin": "\0base" });
  const diff = repository.diffTo({ "a.bin": "\0theirs" }, "--full-index");
  repository.commit({ "a.bin": "\0ours" });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "error" });
  const marked = await applyPatch(diff, { cwd: repository.root, onConflict: "mark" });
  expect(marked.appliedPaths).toEqual([]);
  expect([...marked.conflictPaths, ...marked.skippedPaths]).toEqual(["a.bin"]);
  expect(repository.read("a.bin")).toBe("\0ours");
});

test.skipIf(process.platform === "win32")(
  "puts files, modes, links, folders and index back when git fails half way",
  async () => {
    const { repository, diff } = halfWay("false");
    const before = repository.fingerprint();
    const result = await applyPatch(diff, { cwd: repository.root, onConflict: "mark" });
    expect(result).toMatchObject({ status: "error", appliedPaths: [], exitCode: 128 });
    expect(result.stderr).toContain("smudge filter");
    expect(repository.fingerprint()).toEqual(before);
    expect(repository.git("status", "--porcelain")).toBe("");
  },
);

test.skipIf(process.platform === "win32")("git alone would have left half of it", () => {
  const { repository, diff } = halfWay("false");
  const before = repository.fingerprint();
  const path = join(repository.outside, "a.diff");
  writeFileSync(path, diff);
  expect(() => repository.git("apply", "--3way", path)).toThrow();
  rmSync(path);
  expect(repository.fingerprint()).not.toEqual(before);
});

test.skipIf(process.platform === "win32")(
  "an abort half way ends git and its filters, and puts everything back",
  async () => {
    const { repository, diff } = halfWay(`sh -c 'echo $$ > ../started; exec sleep 600'`);
    const before = repository.fingerprint();
    const controller = new AbortController();
    const reason = new Error("enough");
    const applied = applyPatch(diff, { cwd: repository.root, signal: controller.signal });
    const started = join(repository.outside, "started");
    const processId = await readNumber(started);
    // Git has removed and written files by now.
    expect(repository.has("deep/folder/gone.txt")).toBe(false);
    controller.abort(reason);
    await expect(applied).rejects.toMatchObject({ kind: "aborted", cause: reason });
    await gone(processId);
    rmSync(started);
    expect(repository.fingerprint()).toEqual(before);
  },
);

test.skipIf(process.platform === "win32")(
  "keeps the backup of a file that cannot be put back, says where it is, and puts back the others",
  async () => {
    const { repository, diff } = halfWay("mkdir -p moved.txt/taken; false");
    const before = repository.fingerprint();
    const error = await applyPatch(diff, { cwd: repository.root }).catch((error: unknown) => error);
    expect(error).toMatchObject({ kind: "restore_failed", paths: ["moved.txt"] });
    const [, folder = ""] = /what they held is in (.+)$/.exec(String(error)) ?? [];
    const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(kept).toContain(`${lines}${lines}`);
    rmSync(join(folder, ".."), { recursive: true });
    rmSync(join(repository.root, "moved.txt"), { recursive: true });
    const { "moved.txt": _, ...others } = before;
    expect(repository.fingerprint()).toEqual(others);
  },
);

test("does nothing when the signal has fired before", async () => {
  const { repository, diff } = conflict();
  const before = repository.fingerprint();
  await expect(applyPatch(diff, { cwd: repository.root, signal: AbortSignal.abort() })).rejects.toMatchObject(
    { kind: "aborted" },
  );
  expect(repository.fingerprint()).toEqual(before);
});

/** A diff with a file at its end that git cannot write, after all the others. */
function halfWay(smudge: string) {
  const repository = TestRepository.create({
    ".gitattributes": "*.last filter=broken\n",
    "a.txt": lines,
    "deep/folder/gone.txt": "gone\n",
    "moved.txt": `${lines}${lines}`,
    "run.sh": "#!\n",
  });
  chmodSync(join(repository.root, "run.sh"), 0o755);
  symlinkSync("a.txt", join(repository.root, "link"));
  repository.commit({});
  const diff = repository.diffOf(() => {
    for (const path of ["deep/folder/gone.txt", "link", "moved.txt"]) rmSync(join(repository.root, path));
    chmodSync(join(repository.root, "run.sh"), 0o644);
    symlinkSync("run.sh", join(repository.root, "link"));
    repository.write({
      "a.txt": lines.replace("two", "2"),
      "moved-to.txt": `${lines}${lines}`,
      "new/folder/new.txt": "new\n",
      "z.last": "last\n",
    });
  });
  expect(diff).toContain("rename from moved.txt");
  repository.git("config", "filter.broken.smudge", smudge);
  repository.git("config", "filter.broken.required", "true");
  return { repository, diff };
}

/** Waits for a process to end. One that has ended and that nobody has collected yet has ended. */
async function gone(processId: number): Promise<void> {
  while (isRunning(processId)) await delay(5);
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch {
    return false;
  }
  const state = `/proc/${processId}/stat`;
  return !existsSync(state) || !/\) Z /.test(readFileSync(state, "utf8"));
}

async function readNumber(path: string): Promise<number> {
  for (;;) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (text.endsWith("\n")) return Number(text);
    await delay(5);
  }
}

test.skipIf(process.platform === "win32")(
  "a link out of the tree that the diff replaces by a folder goes, and what it led to stays",
  async () => {
    for (const smudge of [undefined, "false"]) {
      const repository = TestRepository.create({ ".gitattributes": "*.last filter=broken\n" });
      writeFileSync(join(repository.outside, "escaped.txt"), "mine\n");
      symlinkSync("..", join(repository.root, "out"));
      repository.commit({});
      const diff = repository.diffOf(() => {
        rmSync(join(repository.root, "out"));
        repository.write({ "out/escaped.txt": "theirs\n", "z.last": "last\n" });
      });
      if (smudge !== undefined) {
        repository.git("config", "filter.broken.smudge", smudge);
        repository.git("config", "filter.broken.required", "true");
      }
      const before = repository.fingerprint();
      // It is not there yet to be taken back.
      expect(await applyPatch(diff, { cwd: repository.root, revert: true })).toMatchObject({
        status: "error",
      });
      expect(repository.fingerprint()).toEqual(before);
      const result = await applyPatch(diff, { cwd: repository.root });
      expect(readFileSync(join(repository.outside, "escaped.txt"), "utf8")).toBe("mine\n");
      if (smudge === undefined) {
        expect(result.status).toBe("success");
        expect(repository.read("out/escaped.txt")).toBe("theirs\n");
        expect(await applyPatch(diff, { cwd: repository.root, revert: true })).toMatchObject({
          status: "success",
        });
      } else expect(result.status).toBe("error");
      expect(readFileSync(join(repository.outside, "escaped.txt"), "utf8")).toBe("mine\n");
      expect(repository.git("status", "--porcelain")).toBe("");
      const { index: _, ...files } = repository.fingerprint();
      expect(files).toEqual(expect.objectContaining({ out: before["out"], outside: before["outside"] }));
    }
  },
);
