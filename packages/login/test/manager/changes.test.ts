import type { AccountUpdatedNotification } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { ChangeFeed } from "../../src/manager/change-feed.js";
import { issuerOfTest } from "../support/issuer.js";
import { chatgptLogin, issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { temporaryHome, writeAuth } from "../support/temporary-home.js";

test("tells who is signed in now, at login, at another account or plan, and at logout", async () => {
  const home = await temporaryHome();
  const manager = await managerOf(home, undefined);
  const controller = new AbortController();
  const changes = manager.changes(controller.signal);
  const seen: AccountUpdatedNotification[] = [];
  const steps = [
    chatgptLogin(),
    chatgptLogin({ planType: "business" }),
    chatgptLogin({ planType: "business", accountId: "account-2" }),
    { OPENAI_API_KEY: "sk-1" },
  ];
  for (const step of steps) {
    await writeAuth(home, step);
    const next = changes.next();
    await manager.reload();
    seen.push((await next).value);
  }
  const last = changes.next();
  await manager.logout();
  seen.push((await last).value);
  expect(seen).toEqual([
    { authMode: "chatgpt", planType: "pro" },
    { authMode: "chatgpt", planType: "business" },
    { authMode: "chatgpt", planType: "business" },
    { authMode: "apikey", planType: null },
    { authMode: null, planType: null },
  ]);
  controller.abort();
  expect((await changes.next()).done).toBe(true);
});

test("new tokens of the same account are no change of it, and yet a revision", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const manager = await managerOf(home, issuer);
  const before = manager.revision;
  const controller = new AbortController();
  const change = manager.changes(controller.signal).next();
  await manager.refresh();
  expect(manager.revision).toBe(before + 1);
  expect(await manager.reload()).toBe(false);
  expect(manager.revision).toBe(before + 1);
  controller.abort();
  expect((await change).done).toBe(true);
});

test("a slow reader gets the newest value, and nothing from before it came", async () => {
  const feed = new ChangeFeed<number>();
  feed.publish(1);
  const reader = feed.subscribe(undefined);
  const first = reader.next();
  feed.publish(2);
  expect((await first).value).toBe(2);
  feed.publish(3);
  feed.publish(4);
  expect((await reader.next()).value).toBe(4);
  await reader.return?.();
});

test("every reader gets each value, and the end when its signal fires", async () => {
  const feed = new ChangeFeed<string>();
  const controller = new AbortController();
  const readers = [feed.subscribe(undefined), feed.subscribe(controller.signal)];
  const firsts = readers.map((reader) => reader.next());
  feed.publish("a");
  expect((await Promise.all(firsts)).map(({ value }) => value)).toEqual(["a", "a"]);
  const [open, ended] = readers.map((reader) => reader.next());
  controller.abort();
  expect((await ended)?.done).toBe(true);
  feed.publish("b");
  expect((await open)?.value).toBe("b");
  expect((await feed.subscribe(AbortSignal.abort()).next()).done).toBe(true);
});
