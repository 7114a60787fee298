import { expect, test } from "vitest";
import { parseRedirectedUrl } from "../../src/flows/redirected-url.js";
import { loginWithBrowser, type RedirectedUrlPrompt } from "../../src/index.js";
import { peek, visit } from "./support/browser.js";
import { openFlowWorld } from "./support/flow-world.js";

test.each([
  ["http://127.0.0.1:1455/auth/callback?code=a&state=b", "code=a&state=b"],
  ["  http://localhost:1455/auth/callback?code=a&sta\n  te=b#x \n", "code=a&state=b"],
  ["?code=a&state=b", "code=a&state=b"],
  ["code=a&state=b", "code=a&state=b"],
  ["error=access_denied&state=b", "error=access_denied&state=b"],
  ["http://127.0.0.1:1455/auth/callback", undefined],
  ["not a url?code=a&state=b", undefined],
  ["a", undefined],
  ["", undefined],
])("of the pasted text %j, %j is taken", (text, query) => {
  expect(parseRedirectedUrl(text)?.toString()).toBe(query);
});

test("the address that the browser was sent to can be pasted where the browser cannot come back", async () => {
  const { login, readAuth, issuer } = await openFlowWorld();
  const prompts: RedirectedUrlPrompt[] = [];
  const completed = await loginWithBrowser({
    ...login,
    callbackServer: false,
    port: 1455,
    readRedirectedUrl: async (prompt) => {
      prompts.push(prompt);
      return await peek(prompt.authorizeUrl);
    },
  });
  expect(completed.mode).toBe("chatgpt");
  expect(prompts).toMatchObject([{ problem: undefined }]);
  expect(prompts[0]?.signal.aborted).toBe(true);
  expect(issuer.requests[0]?.query.get("redirect_uri")).toBe("http://127.0.0.1:1455/auth/callback");
  expect(await readAuth()).toMatchObject({ auth_mode: "chatgpt" });
});

test("without a server the redirect URI names the profile's first port", async () => {
  const { login, profile, issuer } = await openFlowWorld();
  await loginWithBrowser({
    ...login,
    profile: { ...profile, redirectPorts: [1455, 1457] },
    callbackServer: false,
    readRedirectedUrl: ({ authorizeUrl }) => peek(authorizeUrl),
  });
  expect(issuer.requests[0]?.query.get("redirect_uri")).toBe("http://127.0.0.1:1455/auth/callback");
});

test("after a text of no use the person is asked again, and told why", async () => {
  const { login } = await openFlowWorld();
  const problems: (string | undefined)[] = [];
  const completed = await loginWithBrowser({
    ...login,
    readRedirectedUrl: async ({ authorizeUrl, problem }) => {
      problems.push(problem);
      const address = await peek(authorizeUrl);
      const texts = ["what?", address.replace("state=", "state=x"), address];
      return texts[problems.length - 1] ?? "";
    },
  });
  expect(completed.mode).toBe("chatgpt");
  expect(problems).toEqual([
    undefined,
    expect.stringContaining("not the address"),
    expect.stringMatching(/^State mismatch/),
  ]);
});

test("nobody is asked for ever", async () => {
  const { login } = await openFlowWorld();
  let asked = 0;
  const readRedirectedUrl = async (): Promise<string> => {
    asked += 1;
    return "what?";
  };
  await expect(loginWithBrowser({ ...login, readRedirectedUrl })).rejects.toMatchObject({
    kind: "login_failed",
  });
  expect(asked).toBe(5);
});

test("a refusal that is pasted is one", async () => {
  const { login } = await openFlowWorld({ deny: { error: "access_denied", errorDescription: "no" } });
  const readRedirectedUrl = ({ authorizeUrl }: RedirectedUrlPrompt): Promise<string> => peek(authorizeUrl);
  await expect(loginWithBrowser({ ...login, readRedirectedUrl })).rejects.toMatchObject({
    kind: "login_denied",
    message: "Sign-in failed: no",
  });
});

test("a person who will not paste gives the sign-in up", async () => {
  const { login } = await openFlowWorld();
  const cause = new Error("the input is closed");
  const signingIn = loginWithBrowser({ ...login, readRedirectedUrl: () => Promise.reject(cause) });
  await expect(signingIn).rejects.toMatchObject({ kind: "aborted", cause });
});

test("a browser that comes back by itself ends the question", async () => {
  const { login } = await openFlowWorld();
  let hasEnded = false;
  const completed = await loginWithBrowser({
    ...login,
    openUrl: (url) => void visit(url),
    readRedirectedUrl: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          hasEnded = true;
          reject(signal.reason);
        });
      }),
  });
  expect(completed.mode).toBe("chatgpt");
  expect(hasEnded).toBe(true);
});
