import type { ServerResponse } from "node:http";
import { ResponsesClient } from "@codex-ts/api";
import { expect, test } from "vitest";
import { serverOfTest } from "./support/server.js";
import { model, noRetries, type Setting, settingOfTest, slugs } from "./support/setting.js";

const minute = 60_000;

/** The tag that a model call answers, as a client of responses sees it. */
async function announcedEtag({ transport, backend, login }: Setting): Promise<string> {
  const client = new ResponsesClient({
    transport,
    provider: { name: "OpenAI", baseUrl: backend.urls.codex, retry: noRetries },
    auth: login.provider,
  });
  const stream = await client.stream({
    model: "live",
    input: [],
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: null,
    store: false,
    stream: true,
    include: [],
  });
  for await (const event of stream) if (event.type === "models_etag") return event.etag;
  throw new Error("no tag");
}

test("a tag of a model call that differs leads to one request for the list, the same tag afterwards to none", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  await manager.list();
  setting.backend.setModels([model("newer")]);
  const etag = await announcedEtag(setting);
  for (let turn = 0; turn < 3; turn += 1) {
    manager.noteEtag(etag);
    await manager.settled();
  }
  expect(setting.fetches()).toBe(2);
  expect(slugs(await manager.list({ strategy: "offline" }))).toEqual(["newer"]);
});

test("the caller waits for nothing, however long the list takes", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  setting.backend.fault({ kind: "stall_headers", path: "/models" });
  expect(manager.noteEtag('"new"')).toBeUndefined();
  await setting.backend.waitForRequests(1);
  expect(slugs(await manager.list({ strategy: "offline" }))).toEqual(["known"]);
});

test("many model calls at once lead to one request", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  await manager.list();
  setting.backend.setModels([model("newer")], { etag: '"2"' });
  for (let turn = 0; turn < 20; turn += 1) manager.noteEtag('"2"');
  await manager.settled();
  expect(setting.fetches()).toBe(2);
});

test("list and tag change together: what a failed request tells changes neither", async () => {
  const setting = await settingOfTest();
  setting.backend.setModels([model("live")], { etag: '"1"' });
  const manager = setting.open();
  await manager.list();
  setting.backend.setModels([model("newer")], { etag: '"2"' });
  setting.backend.fault({
    kind: "status",
    status: 200,
    headers: { etag: '"2"' },
    body: "{",
    path: "/models",
  });
  manager.noteEtag('"2"');
  await manager.settled();
  expect(slugs(await manager.list())).toEqual(["live"]);
  expect(setting.failures).toHaveLength(1);
  manager.noteEtag('"2"');
  await manager.settled();
  expect(slugs(await manager.list())).toEqual(["newer"]);
});

test("a provider whose model calls never name the list's own tag is not asked for ever", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  setting.backend.setModels([model("live")], { etag: 'W/"1"', announcedEtag: '"1"' });
  for (let turn = 0; turn < 5; turn += 1) {
    manager.noteEtag('"1"');
    await manager.settled();
  }
  expect(setting.fetches()).toBe(1);
});

test("the tag of the list that is there makes it count as new, in the file too, without a request", async () => {
  const setting = await settingOfTest();
  setting.backend.setModels([model("live")], { etag: '"1"' });
  const manager = setting.open();
  await manager.list();
  setting.clock.nowMs += 4 * minute;
  manager.noteEtag('"1"');
  await manager.settled();
  setting.clock.nowMs += 4 * minute;
  expect(slugs(await setting.open().list({ strategy: "offline" }))).toEqual(["live"]);
  expect(slugs(await manager.list())).toEqual(["live"]);
  expect(setting.fetches()).toBe(1);
});

test("a list of another process counts: its tag leads to no request", async () => {
  const setting = await settingOfTest();
  setting.backend.setModels([model("live")], { etag: '"1"' });
  await setting.open().list();
  const manager = setting.open();
  manager.noteEtag('"1"');
  await manager.settled();
  expect(setting.fetches()).toBe(1);
});

test("a list that was already on its way when the tag came may be the one before, so it is asked for again", async () => {
  const asked: ServerResponse[] = [];
  let onAsked = (): void => {};
  const first = new Promise<void>((fulfil) => {
    onAsked = fulfil;
  });
  const answer = (response: ServerResponse | undefined, slug: string): unknown =>
    response?.setHeader("etag", `"${slug}"`).end(JSON.stringify({ models: [model(slug)] }));
  const baseUrl = await serverOfTest((response) => {
    if (asked.push(response) === 1) onAsked();
    else answer(response, "newer");
  });
  const setting = await settingOfTest();
  const manager = setting.open({ provider: { name: "OpenAI", baseUrl } });
  const listed = manager.list();
  await first;
  manager.noteEtag('"newer"');
  answer(asked[0], "older");
  expect(slugs(await listed)).toEqual(["older"]);
  await manager.settled();
  expect(slugs(await manager.list())).toEqual(["newer"]);
  expect(asked).toHaveLength(2);
});

test("a provider that is down leaves no unhandled failure behind", async () => {
  const setting = await settingOfTest();
  const manager = setting.open({
    provider: { name: "down", baseUrl: "http://127.0.0.1:9", retry: noRetries },
  });
  manager.noteEtag('"1"');
  await manager.settled();
  expect(setting.failures).toHaveLength(1);
});
