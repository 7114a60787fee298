import { mkdir, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type HeldLock, MachineLock } from "../../src/storage/machine-lock.js";
import { bundleChild, startChild } from "../support/child-program.js";
import { temporaryHome } from "../support/temporary-home.js";

const program = await bundleChild("hold-lock");
const fast = { staleMs: 2000, timeoutMs: 20_000 };

test("lets one in at a time", async () => {
  const file = join(await temporaryHome(), "auth.json");
  let inside = 0;
  let most = 0;
  const enter = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 10 }, () => new MachineLock(file, fast).run(enter)));
  expect(most).toBe(1);
});

test("is one lock for all links to a file", async () => {
  const home = await temporaryHome();
  const linked = join(await temporaryHome(), "linked");
  await symlink(home, linked);
  await writeFile(join(home, "real.json"), "{}");
  await symlink(join(home, "real.json"), join(home, "auth.json"));
  const held = (await new MachineLock(join(linked, "auth.json"), fast).acquire()) as HeldLock;
  const impatient = new MachineLock(join(home, "real.json"), { timeoutMs: 0 });
  await expect(impatient.acquire()).rejects.toMatchObject({ kind: "lock_timeout" });
  await held.release();
  await ((await impatient.acquire()) as HeldLock).release();
});

test("makes the folder of a file that is not there yet, and leaves nothing else", async () => {
  const home = await temporaryHome();
  await new MachineLock(join(home, "new", "auth.json")).run(async () => {});
  expect(await readdir(join(home, "new"))).toEqual([]);
});

test("tells who waits too long, and that trying again is worth it", async () => {
  const file = join(await temporaryHome(), "auth.json");
  const held = (await new MachineLock(file).acquire()) as HeldLock;
  await expect(new MachineLock(file, { timeoutMs: 30 }).acquire()).rejects.toMatchObject({
    name: "LoginError",
    kind: "lock_timeout",
    retryable: true,
    message: `another process has held the lock of ${file} for 30 ms; try again, or end that process`,
  });
  await held.release();
});

test("tells when no lock can be made there", async () => {
  const home = join(await temporaryHome(), "file");
  await writeFile(home, "");
  await expect(new MachineLock(join(home, "auth.json")).acquire()).rejects.toMatchObject({ kind: "storage" });
});

test("stops waiting when there is nothing to wait for", async () => {
  const file = join(await temporaryHome(), "auth.json");
  const held = (await new MachineLock(file).acquire()) as HeldLock;
  let asked = 0;
  const isDone = async (): Promise<string | undefined> => {
    asked += 1;
    return asked > 2 ? "winner" : undefined;
  };
  expect(await new MachineLock(file).acquire(isDone)).toEqual({ done: "winner" });
  await held.release();
});

test("passes on what the question throws, without taking the lock", async () => {
  const file = join(await temporaryHome(), "auth.json");
  const failure = new Error("signed out");
  await expect(new MachineLock(file).acquire(() => Promise.reject(failure))).rejects.toBe(failure);
  await new MachineLock(file, { timeoutMs: 0 }).run(async () => {});
});

test("gives the lock back when the work fails", async () => {
  const file = join(await temporaryHome(), "auth.json");
  const lock = new MachineLock(file, { timeoutMs: 0 });
  await expect(lock.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await lock.run(async () => {});
});

async function lockOfKilledHolder(): Promise<string> {
  const file = join(await temporaryHome(), "auth.json");
  const child = startChild(program, [file]);
  await child.lines(1);
  child.process.kill("SIGKILL");
  await child.ended;
  return file;
}

async function lockOfTime(epochSeconds: number): Promise<string> {
  const file = join(await temporaryHome(), "auth.json");
  await mkdir(`${file}.lock`);
  await utimes(`${file}.lock`, epochSeconds, epochSeconds);
  return file;
}

async function mostAtOnce(file: string): Promise<number> {
  let inside = 0;
  let most = 0;
  const enter = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(20);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => new MachineLock(file, fast).run(enter)));
  return most;
}

test("takes over a lock without a holder: killed, long gone, or of a clock that was wrong; one in at a time", async () => {
  const inAYear = Date.now() / 1000 + 365 * 24 * 3600;
  const files = await Promise.all([lockOfKilledHolder(), lockOfTime(1), lockOfTime(inAYear)]);
  expect(await Promise.all(files.map(mostAtOnce))).toEqual([1, 1, 1]);
}, 30_000);

test("leaves a lock alone whose holder is alive, even when the clock says it is old", async () => {
  const file = join(await temporaryHome(), "auth.json");
  const held = (await new MachineLock(file).acquire()) as HeldLock;
  // What a clock that is set forward by an hour makes of a young lock.
  const anHourAgo = Date.now() / 1000 - 3600;
  await utimes(`${file}.lock`, anHourAgo, anHourAgo);
  const impatient = new MachineLock(file, { staleMs: 2000, timeoutMs: 100 });
  await expect(impatient.acquire()).rejects.toMatchObject({ kind: "lock_timeout" });
  await held.release();
});

test("a holder that has lost its lock does not remove that of the next one", async () => {
  const file = join(await temporaryHome(), "auth.json");
  const first = (await new MachineLock(file).acquire()) as HeldLock;
  await rm(`${file}.lock`, { recursive: true });
  await mkdir(`${file}.lock`);
  await first.release();
  expect(await readdir(join(file, ".."))).toEqual(["auth.json.lock"]);
});
