import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createAuthStorage } from "../../src/index.js";
import { bundleChild, startChild } from "../support/child-program.js";
import {
  authFileOf,
  modeOf,
  otherFiles,
  readAuthText,
  temporaryHome,
  writeAuth,
} from "../support/temporary-home.js";

const program = await bundleChild("write-forever");
const kills = 40;
const homesAtOnce = 5;

function login(letter: string): object {
  return { auth_mode: "apikey", OPENAI_API_KEY: letter.repeat(100_000) };
}

// Each kill hits a process that writes five homes at the same time: 200 writes that are cut off.
test("200 writes cut off by SIGKILL leave the old login or the new one, readable by the owner alone", async () => {
  const expected = ["a", "b"].map((letter) => JSON.stringify(login(letter), null, 2));
  const homes = await Promise.all(Array.from({ length: homesAtOnce }, temporaryHome));
  for (const home of homes) await writeAuth(home, expected[0] ?? "");
  const broken: string[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const child = startChild(program, homes);
    await child.lines(homesAtOnce);
    await sleep(Math.random() * 5);
    child.process.kill("SIGKILL");
    await child.ended;
    for (const home of homes) {
      const text = (await readAuthText(home)) ?? "no file";
      if (!expected.includes(text) || (await modeOf(authFileOf(home))) !== 0o600)
        broken.push(text.slice(0, 40));
    }
  }
  expect(broken).toEqual([]);
  // Temporary files prove that it was killed while it wrote, and not in between.
  const leftBehind = (await Promise.all(homes.map(otherFiles))).flat();
  expect(leftBehind.length).toBeGreaterThan(kills);
}, 120_000);

test("the next write clears away what killed writers have left, and nothing that is young", async () => {
  const home = await temporaryHome();
  const storage = createAuthStorage({ home });
  await storage.save({ OPENAI_API_KEY: "sk-1" });
  for (const name of [".auth.json.old.tmp", ".auth.json.young.tmp", ".auth.json.bak", "notes.tmp"]) {
    await writeFile(join(home, name), "");
  }
  const anHourAgo = Date.now() / 1000 - 3600;
  for (const name of [".auth.json.old.tmp", ".auth.json.bak", "notes.tmp"]) {
    await utimes(join(home, name), anHourAgo, anHourAgo);
  }
  await storage.save({ OPENAI_API_KEY: "sk-2" });
  expect((await otherFiles(home)).sort()).toEqual([".auth.json.bak", ".auth.json.young.tmp", "notes.tmp"]);
});
