import { type AuthProvider, applyAuth, type OutboundRequest } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import { LoginWatch } from "../src/login-watch.js";
import { loadAccount } from "../src/remote-control-auth.js";

/** A login whose provider adds these headers. */
function loginOf(headers: readonly (readonly [string, string])[], signs: boolean) {
  const add = (fields: Headers): void => {
    for (const [name, value] of headers) fields.append(name, value);
  };
  const provider: AuthProvider = {
    addAuthHeaders: add,
    ...(signs
      ? {
          applyAuth(request: OutboundRequest) {
            add(request.headers);
            return { ...request, url: `${request.url}?signed` };
          },
        }
      : {}),
  };
  const account = { accountId: "account-a", isFedramp: false, isWorkspace: false };
  return { provider, current: async () => ({ mode: "chatgpt", provider, account, usesCodexBackend: true }) };
}

test.each([
  ["omits the account", [["authorization", "Bearer t"]]],
  [
    "names another account",
    [
      ["authorization", "Bearer t"],
      ["chatgpt-account-id", "other"],
    ],
  ],
  [
    "names several",
    [
      ["authorization", "Bearer t"],
      ["chatgpt-account-id", "a"],
      ["chatgpt-account-id", "b"],
    ],
  ],
] as const)("names the account once for a credential that %s, and keeps the rest", async (_what, headers) => {
  for (const signs of [false, true]) {
    const { auth } = await loadAccount(
      new LoginWatch(loginOf([...headers, ["x-more", "1"]], signs), 1000),
      undefined,
    );
    const request = { method: "POST", url: "https://chatgpt.com/", headers: new Headers({ accept: "*/*" }) };
    const signed = await applyAuth(auth, request);
    expect([...signed.headers]).toEqual([
      ["accept", "*/*"],
      ["authorization", "Bearer t"],
      ["chatgpt-account-id", "account-a"],
      ["x-more", "1"],
    ]);
    expect(signed.url).toBe(signs ? "https://chatgpt.com/?signed" : "https://chatgpt.com/");
  }
});

test("is never taken for a credential that is put on without being asked", async () => {
  const { auth } = await loadAccount(new LoginWatch(loginOf([], false), 1000), undefined);
  expect(() => auth.addAuthHeaders(new Headers())).toThrow(expect.objectContaining({ kind: "build" }));
});
