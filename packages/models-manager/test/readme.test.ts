import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createModelsManager } from "../src/index.js";
import { settingOfTest } from "./support/setting.js";

test("README example: lists, finds, and notices a change, as it is written", async () => {
  const { transport, backend, login, cacheFolder: home } = await settingOfTest();
  const baseUrl = backend.urls.codex;
  const etag = '"another"';

  await using models = createModelsManager({
    transport,
    provider: { name: "OpenAI", baseUrl },
    auth: login,
    clientVersion: "1.2.3",
    cacheFolder: join(home, "cache", "models"),
  });
  const presets = await models.list();
  const { model, isFallback } = await models.find(await models.defaultModel());
  models.noteEtag(etag); // of an answer's header x-models-etag: in the background, if it is another

  expect(presets).toMatchObject([{ model: { slug: "live" }, isDefault: true, showInPicker: true }]);
  expect([model.slug, isFallback]).toEqual(["live", false]);
  await models.settled();
  expect(backend.requests).toHaveLength(2);
});

test("the examples of the README are those that are run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8"));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const statements = examples.map((code) =>
    code.replaceAll(/^import .*$/gm, "").replaceAll(/ *\/\/ .*$/gm, ""),
  );
  expect(statements).toHaveLength(1);
  for (const code of statements) expect(self).toContain(compressed(code));
});

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
