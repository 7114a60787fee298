import { join } from "node:path";
import { startBackend } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import { asChatgpt, startWorkspace, temporaryFolder, tokens } from "./support/start-workspace.js";

test("a base URL of one's own is where the request goes, and what the cache is good for", async () => {
  const { backend, start, readCache, login, transport } = await startWorkspace();
  const other = await startBackend({ bearerTokens: tokens });
  onTestFinished(() => other.close());
  other.managedConfig.setFragments({ config: ['model = "other"'] });
  const sent: string[] = [];
  const observed = {
    ...asChatgpt(transport, backend),
    execute: (...[request, options]: Parameters<typeof transport.execute>) => {
      sent.push(new URL(request.url).origin);
      return transport.execute(request, options);
    },
  };

  const first = await start({ transport: observed }).load();
  const elsewhere = await start({ transport: observed, baseUrl: `${other.urls.chatgpt}/` }).load();
  const again = await start({ transport: observed, baseUrl: other.urls.chatgpt }).load();
  const back = await start({ transport: observed }).load();

  expect([first.cache, elsewhere.cache, again.cache, back.cache].map((cache) => cache?.status)).toEqual([
    "CacheFileNotFound",
    "CacheIdentityMismatch",
    "Hit",
    "CacheIdentityMismatch",
  ]);
  expect(elsewhere.configLayers[0]?.config["model"]).toBe("other");
  expect(sent).toEqual([backend.urls.origin, other.urls.origin, backend.urls.origin]);
  expect((await readCache())?.signed_payload["base_url"]).toBe(backend.urls.chatgpt);
  expect(login.reads).toBeGreaterThan(0);
});

test("the spellings of the usual base URL are one, and the reference reads what is cached for it", async () => {
  const { backend, start, readCache, transport } = await startWorkspace();
  const chatgpt = asChatgpt(transport, backend);
  const spellings = ["https://chatgpt.com", "https://chatgpt.com/backend-api/", "https://chatgpt.com/"];

  for (const baseUrl of spellings) await start({ transport: chatgpt, baseUrl }).load();

  expect(backend.requests).toHaveLength(1);
  expect(Object.keys((await readCache())?.signed_payload ?? {})).toEqual([
    "version",
    "cached_at",
    "expires_at",
    "chatgpt_user_id",
    "account_id",
    "bundle",
  ]);
});

test("a cache of the usual backend is not used for another, nor the other way round", async () => {
  const { backend, start, transport } = await startWorkspace();
  const usual = { transport: asChatgpt(transport, backend), baseUrl: "https://chatgpt.com" };

  const loads = [await start(usual).load(), await start().load(), await start(usual).load()];

  expect(loads.map(({ cache }) => cache?.status)).toEqual([
    "CacheFileNotFound",
    "CacheIdentityMismatch",
    "CacheIdentityMismatch",
  ]);
});

test("the gate asks the login that it was given, whatever the base URL is", async () => {
  const { backend, start, login } = await startWorkspace();
  login.snapshot = undefined;
  const cachePath = join(await temporaryFolder(), "cache.json");

  expect((await start({ cachePath }).load()).origin).toBe("none");
  expect(login.reads).toBeGreaterThan(0);
  expect(backend.requests).toEqual([]);
});
