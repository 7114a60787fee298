import { expect, test } from "vitest";
import { createStaticModelsManager } from "../src/index.js";
import { Login, loginOf } from "./support/login.js";
import { model, slugs } from "./support/setting.js";

const catalog = [
  model("second", { priority: 2 }),
  model("plan only", { priority: 1, supported_in_api: false }),
];

test("lists the catalogue, whatever the strategy, by the login of that moment", async () => {
  const auth = new Login();
  await using manager = createStaticModelsManager(catalog, { auth });
  for (const strategy of ["online", "offline", "online_if_uncached"] as const)
    expect(slugs(await manager.list({ strategy }))).toEqual(["plan only", "second"]);
  auth.snapshot = loginOf({ mode: "apikey" });
  expect(slugs(await manager.list())).toEqual(["second"]);
  expect(await manager.defaultModel()).toBe("second");
  manager.noteEtag('"1"');
  await manager.settled();
});

test("a login that fails is as good as none, and a signal that fires is an error", async () => {
  const auth = new Login();
  auth.failure = new Error("down");
  const manager = createStaticModelsManager(catalog, { auth });
  expect(slugs(await manager.list())).toEqual(["second"]);
  await expect(manager.list({ signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
});

test("refuses an empty catalogue", () => {
  expect(() => createStaticModelsManager([], { auth: new Login() })).toThrow(
    new TypeError('"models" must hold at least one model'),
  );
});
