import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signPayload } from "../src/cache-signature.js";
import { vectors } from "./support/read-vectors.js";
import { asChatgpt, startWorkspace } from "./support/start-workspace.js";

const endpoint = "config/requirements";
const { hmac_key_utf8: key, file_name: fileName } = vectors.april_2026;

test("requirements come from the endpoint of April 2026, and from its cache the next time", async () => {
  const { backend, start, home, transport } = await startWorkspace();
  backend.managedConfig.requirements = { contents: 'allowed_sandbox_modes = ["read-only"]', sha256: "x" };
  const now = Date.parse("2026-04-24T10:00:00Z");
  const options = { endpoint, clock: () => now, baseUrl: "https://chatgpt.com" } as const;
  const chatgpt = asChatgpt(transport, backend);

  const first = await start({ ...options, transport: chatgpt }).load();
  const second = await start({ ...options, transport: chatgpt }).load();

  expect([first.origin, second.origin]).toEqual(["backend", "cache"]);
  expect(second.requirements?.values).toEqual({ allowed_sandbox_modes: ["read-only"] });
  expect(second.requirements?.sources.get("allowed_sandbox_modes")).toEqual([
    { id: "cloud-requirements", name: "Cloud requirements" },
  ]);
  expect(backend.requests.map(({ path }) => path)).toEqual(["/backend-api/wham/config/requirements"]);
  const payload = {
    cached_at: "2026-04-24T10:00:00Z",
    expires_at: "2026-04-24T10:30:00Z",
    chatgpt_user_id: "user-1",
    account_id: "acct-1",
    contents: 'allowed_sandbox_modes = ["read-only"]',
  };
  expect(await readFile(join(home, fileName), "utf8")).toBe(
    JSON.stringify({ signed_payload: payload, signature: signPayload(payload, key) }, null, 2),
  );
});

test.each([{}, { contents: null }, { contents: " \n" }, { contents: "# nothing" }])(
  "nothing required: %j",
  async (answer) => {
    const { backend, start } = await startWorkspace();
    backend.managedConfig.requirements = answer;
    const loads = [await start({ endpoint }).load(), await start({ endpoint }).load()];
    expect(loads).toMatchObject([{ origin: "backend" }, { origin: "cache" }]);
    for (const { bundle, requirements } of loads)
      expect([bundle, requirements]).toEqual([undefined, undefined]);
  },
);

test("requirements that do not parse are an error in the words of April 2026", async () => {
  const { backend, start } = await startWorkspace();
  backend.managedConfig.requirements = { contents: "a = " };
  await expect(start({ endpoint }).load()).rejects.toMatchObject({
    code: "Parse",
    endpoint,
    message: expect.stringMatching(
      /^Cloud requirements \(workspace-managed policies\) are invalid and could not be parsed\. Please contact your workspace admin\.\n\nDetails:\n.+line 1/,
    ),
  });
  expect(backend.requests).toHaveLength(1);
});

test("cached requirements that do not parse are none", async () => {
  const { backend, start, home } = await startWorkspace();
  const payload = {
    cached_at: new Date(Date.now() - 60_000).toISOString().replace(".000", ""),
    expires_at: new Date(Date.now() + 60_000).toISOString().replace(".000", ""),
    chatgpt_user_id: "user-1",
    account_id: "acct-1",
    base_url: backend.urls.chatgpt,
    contents: "a = ",
  };
  const text = JSON.stringify({ signed_payload: payload, signature: signPayload(payload, key) });
  await writeFile(join(home, fileName), text);

  expect(await start({ endpoint }).load()).toMatchObject({
    origin: "cache",
    bundle: undefined,
    requirements: undefined,
    cache: { status: "CacheInvalidBundle" },
  });
  expect(backend.requests).toEqual([]);
});

test("failures are in the words of April 2026", async () => {
  const { backend, start } = await startWorkspace();
  const path = "/config/requirements";
  backend.fault({ kind: "status", status: 500, path, times: 5 });
  await expect(start({ endpoint }).load()).rejects.toMatchObject({
    code: "RequestFailed",
    message: "Failed to load cloud requirements (workspace-managed policies).",
  });
  backend.fault({ kind: "stall_headers", path });
  await expect(start({ endpoint, timeoutMs: 50 }).load()).rejects.toMatchObject({
    code: "Timeout",
    message: "timed out waiting for cloud requirements after 0.05s",
  });
});
