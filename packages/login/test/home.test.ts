import { symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codexCliHome, readLoginEnvironment, resolveHome } from "../src/index.js";
import { temporaryHome } from "./support/temporary-home.js";

test("is a folder of its own by default, and not that of the Codex CLI", async () => {
  const environment = readLoginEnvironment({ CODEX_HOME: "" });
  expect(await resolveHome({ environment })).toBe(join(homedir(), ".codex-ts"));
  expect(await codexCliHome(environment)).toBe(join(homedir(), ".codex"));
});

test("is CODEX_HOME, with links resolved", async () => {
  const home = await temporaryHome();
  const link = join(await temporaryHome(), "link");
  await symlink(home, link);
  const environment = readLoginEnvironment({ CODEX_HOME: link });
  expect([await resolveHome({ environment }), await codexCliHome(environment)]).toEqual([home, home]);
});

test("is the option before everything else, whether it exists or not", async () => {
  const environment = readLoginEnvironment({ CODEX_HOME: "/nowhere" });
  expect(await resolveHome({ home: "/tmp/not/there", environment })).toBe("/tmp/not/there");
});

test("tells of a CODEX_HOME that is not there, or is a file", async () => {
  const file = join(await temporaryHome(), "file");
  await writeFile(file, "");
  const resolve = (home: string): Promise<string> =>
    resolveHome({ environment: readLoginEnvironment({ CODEX_HOME: home }) });
  await expect(resolve("/nowhere/codex")).rejects.toMatchObject({
    kind: "configuration",
    message: expect.stringContaining('CODEX_HOME points to "/nowhere/codex", which cannot be opened'),
    cause: expect.objectContaining({ code: "ENOENT" }),
  });
  await expect(resolve(file)).rejects.toMatchObject({
    kind: "configuration",
    message: expect.stringContaining(`"${file}", which is not a folder`),
  });
});
