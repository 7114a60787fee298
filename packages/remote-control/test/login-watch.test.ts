import { expect, test } from "vitest";
import { LoginWatch } from "../src/login-watch.js";
import { recoverLogin } from "../src/remote-control-auth.js";
import { accountA, accountB, TestLogin } from "./support/login.js";

const rejection = { round: 0, status: 401, headers: new Headers(), body: "" };

test("notices another token, another account and a logout, and nothing else", async () => {
  const login = new TestLogin();
  const watch = new LoginWatch(login, 1000);
  await watch.check();
  await watch.check();
  expect(watch.isChanged).toBe(false);
  for (const identity of [{ ...accountA, token: "login-token-a2" }, accountB, undefined, accountA]) {
    login.identity = identity;
    await watch.check();
    expect(watch.isChanged).toBe(true);
    watch.markSeen();
  }
});

test("a step of recovery is no change to be told of", async () => {
  const login = new TestLogin();
  login.onRecover = () => {
    login.identity = { ...accountA, token: "login-token-a2" };
    return true;
  };
  const watch = new LoginWatch(login, 1000);
  expect(await recoverLogin(watch, rejection)).toBe(true);
  expect([watch.revision, watch.isChanged]).toEqual([1, false]);
});

test("another change during recovery stays to be told of", async () => {
  const login = new TestLogin();
  const watch = new LoginWatch(login, 1000);
  login.onRecover = async () => {
    login.identity = { ...accountA, token: "login-token-a2" };
    await watch.check();
    login.identity = accountB;
    return true;
  };
  await recoverLogin(watch, rejection);
  expect([watch.revision, watch.isChanged]).toEqual([2, true]);
});

test("a change from before the recovery stays to be told of", async () => {
  const login = new TestLogin();
  const watch = new LoginWatch(login, 1000);
  await watch.check();
  login.identity = accountB;
  login.onRecover = () => {
    login.identity = accountA;
    return true;
  };
  await recoverLogin(watch, rejection);
  expect(watch.isChanged).toBe(true);
});

test("counts as the login itself counts, where it does", async () => {
  const login = Object.assign(new TestLogin(), { revision: 7 });
  const watch = new LoginWatch(login, 1000);
  expect(watch.isChanged).toBe(false);
  login.revision = 8;
  expect(watch.isChanged).toBe(true);
});

test("hears of changes at once from a login that tells", async () => {
  let tell = (): void => {};
  const login = Object.assign(new TestLogin(), {
    revision: 0,
    async *changes() {
      for (;;) {
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
        yield undefined;
      }
    },
  });
  const watch = new LoginWatch(login, 3_600_000);
  const ending = new AbortController();
  const running = watch.run(ending.signal);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const heard = watch.pulse.wait();
  login.revision = 1;
  tell();
  await heard;
  ending.abort();
  await running;
});
