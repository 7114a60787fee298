import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Login, loginOf } from "./support/login.js";
import { known, model, settingOfTest, slugs } from "./support/setting.js";

const second = { token: "access-token-2", accountId: "account-2" };
const bearerTokens = ["access-token-test", { token: second.token, accountId: second.accountId }];

test("after another account has signed in, nobody sees the first one's list", async () => {
  const setting = await settingOfTest({ bearerTokens });
  const manager = setting.open();
  expect(slugs(await manager.list())).toEqual(["live"]);
  setting.login.snapshot = loginOf(second);
  setting.backend.setModels([model("theirs")]);
  expect(slugs(await manager.list({ strategy: "offline" }))).toEqual(["known"]);
  expect((await manager.find("live")).isFallback).toBe(true);
  expect(slugs(await manager.list())).toEqual(["theirs"]);
  setting.login.snapshot = loginOf();
  expect(slugs(await manager.list())).toEqual(["live"]);
  expect(setting.fetches()).toBe(2);
});

test("after logout only what is known without asking is left", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  await manager.list();
  setting.login.snapshot = undefined;
  expect(slugs(await manager.list())).toEqual([known.slug]);
});

test("a list that was asked for one account and signed by another is not fetched at all", async () => {
  const setting = await settingOfTest({ bearerTokens });
  const first = setting.login.snapshot;
  let readings = 0;
  const switching = {
    provider: setting.login.provider,
    // The second reading, the one that signs, is somebody else's.
    current: async () => (readings++ === 0 ? first : loginOf(second)),
  };
  const manager = setting.open({ auth: switching });
  await manager.list();
  expect(setting.backend.requests).toHaveLength(0);
  expect(inspect(setting.failures)).toContain("somebody else signed in while the models were fetched");
  expect(await setting.cacheFiles()).toEqual([]);
});

test("two managers of two accounts at once share neither memory nor files", async () => {
  const setting = await settingOfTest({ bearerTokens });
  const managers = [
    setting.open({ auth: new Login(loginOf()) }),
    setting.open({ auth: new Login(loginOf(second)) }),
  ];
  await Promise.all(managers.map((manager) => manager.list()));
  expect(setting.fetches()).toBe(2);
  expect(await setting.cacheFiles()).toHaveLength(2);
  expect(setting.backend.requests.map(({ headers }) => headers["chatgpt-account-id"]).sort()).toEqual([
    "account-2",
    "account-test",
  ]);
});

test("the provider may depend on who is signed in", async () => {
  const setting = await settingOfTest();
  const { codex, openai } = setting.backend.urls;
  const manager = setting.open({
    provider: (login) => ({ name: "OpenAI", baseUrl: login?.mode === "agentIdentity" ? openai : codex }),
  });
  await manager.list();
  setting.login.snapshot = loginOf({ mode: "agentIdentity" });
  await manager.list();
  expect(setting.backend.requests.map(({ path }) => path)).toEqual([
    "/backend-api/codex/models",
    "/v1/models",
  ]);
});
