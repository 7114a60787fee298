import { expect, test } from "vitest";
import { loginWithBrowser } from "../../src/index.js";
import { visit } from "./support/browser.js";
import { openFlowWorld } from "./support/flow-world.js";

test("the address is told before a browser is opened", async () => {
  const { login } = await openFlowWorld();
  const order: string[] = [];
  await loginWithBrowser({
    ...login,
    onAuthorizeUrl: (url) => order.push(`told ${url}`),
    openUrl: async (url) => {
      order.push(`opened ${url}`);
      await visit(url);
    },
  });
  expect(order).toHaveLength(2);
  expect(order[1]).toBe(order[0]?.replace("told", "opened"));
});

test.each([
  () => {
    throw new Error("no display");
  },
  () => Promise.reject(new Error("no display")),
])("a browser that cannot be opened does not matter when the address is known", async (openUrl) => {
  const { login } = await openFlowWorld();
  const completed = await loginWithBrowser({
    ...login,
    openUrl,
    onAuthorizeUrl: (url) => void visit(url),
  });
  expect(completed.mode).toBe("chatgpt");
});

test("a browser that cannot be opened ends a sign-in that nobody else knows of", async () => {
  const { login } = await openFlowWorld();
  const cause = new Error("no display");
  await expect(loginWithBrowser({ ...login, openUrl: () => Promise.reject(cause) })).rejects.toMatchObject({
    kind: "login_failed",
    message: expect.stringContaining("the browser could not be opened"),
    cause,
  });
});

test("a host that fails to show the address ends the sign-in with its own error", async () => {
  const { login } = await openFlowWorld();
  const onAuthorizeUrl = (): never => {
    throw new RangeError("the window is closed");
  };
  await expect(loginWithBrowser({ ...login, onAuthorizeUrl })).rejects.toThrow(
    new RangeError("the window is closed"),
  );
});
