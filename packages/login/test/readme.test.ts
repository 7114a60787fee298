import { createTransport } from "@codex-ts/client";
import { expect, test, vi } from "vitest";
import { AuthManager, loginWithApiKey, logout } from "../src/index.js";
import { backendOfTest } from "./support/backend.js";
import { chatgptLogin } from "./support/logins.js";
import { temporaryHome, writeAuth } from "./support/temporary-home.js";

test("README example: opens the login of this program and sends a request with it", async () => {
  const home = await temporaryHome();
  vi.stubEnv("CODEX_HOME", home);
  const stored = chatgptLogin();
  await writeAuth(home, stored);
  const backend = await backendOfTest({ bearerTokens: [stored.tokens?.access_token ?? ""] });
  const url = `${backend.urls.chatgpt}/wham/settings/user`;

  const manager = await AuthManager.open();
  const snapshot = await manager.current(); // undefined: nobody is signed in
  if (snapshot?.usesCodexBackend) {
    const answer = await createTransport().execute({ method: "GET", url }, { auth: manager.provider });
    expect(answer.status).toBe(200);
  }

  expect(backend.requests).toHaveLength(1);
  vi.unstubAllEnvs();
});

test("README example: signs in, and out again", async () => {
  vi.stubEnv("CODEX_HOME", await temporaryHome());
  const manager = await AuthManager.open();
  await loginWithApiKey("sk-example");
  await manager.reload();
  expect((await manager.current())?.mode).toBe("apikey");
  expect(await logout()).toBe(true);
  vi.unstubAllEnvs();
});
