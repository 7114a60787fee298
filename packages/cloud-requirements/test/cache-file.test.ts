import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bundleEndpoint } from "../src/bundle-endpoint.js";
import { signPayload } from "../src/cache-signature.js";
import type { CacheReading, CacheWriteFailure } from "../src/index.js";
import { PolicyCache } from "../src/policy-cache.js";
import { bundleChild } from "./support/child-program.js";
import { vectors } from "./support/read-vectors.js";
import { asChatgpt, startWorkspace, temporaryFolder } from "./support/start-workspace.js";

const now = Date.parse("2026-06-25T10:00:00.250Z");
const identity = { userId: "user-1", accountId: "acct-1" };
const hourMs = 3_600_000;

function cacheAt(path: string, clock: () => number = () => now): PolicyCache {
  return new PolicyCache({ path, endpoint: bundleEndpoint, baseUrl: undefined, clock });
}

/** A file that is signed as it should be, whatever it says. */
function signed(payload: object): string {
  return JSON.stringify({
    signed_payload: payload,
    signature: signPayload(payload, vectors.hmac_key_utf8),
  });
}

function payloadOf(facts: object): object {
  const empty = { enterprise_managed: [] };
  return {
    version: 1,
    cached_at: "2026-06-25T10:00:00Z",
    expires_at: "2026-06-25T11:00:00Z",
    chatgpt_user_id: "user-1",
    account_id: "acct-1",
    ...facts,
    bundle: { config_toml: empty, requirements_toml: empty },
  };
}

function reordered(text: string): string {
  const { signed_payload: payload, signature } = JSON.parse(text);
  const reversed = Object.fromEntries(Object.entries(payload).reverse());
  return JSON.stringify({ signature, signed_payload: reversed }, null, 8);
}

async function statusOf(text: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), "cache.json");
  await writeFile(path, text);
  return (await cacheAt(path).load(identity)).reading.status;
}

test("writes exactly the bytes of the reference, for the owner alone", async () => {
  const { transport, backend, start, cachePath } = await startWorkspace();
  backend.managedConfig.bundle = {
    config_toml: { enterprise_managed: [{ name: "Bäse", id: "c1", more: 1, contents: 'model = "m"\n' }] },
  };
  await writeFile(cachePath, "old");
  await chmod(cachePath, 0o644);

  await start({
    baseUrl: "https://chatgpt.com",
    transport: asChatgpt(transport, backend),
    clock: () => now,
  }).load();

  const payload = {
    version: 1,
    cached_at: "2026-06-25T10:00:00.250Z",
    expires_at: "2026-06-25T11:00:00.250Z",
    chatgpt_user_id: "user-1",
    account_id: "acct-1",
    bundle: {
      config_toml: { enterprise_managed: [{ id: "c1", name: "Bäse", contents: 'model = "m"\n' }] },
      requirements_toml: { enterprise_managed: [] },
    },
  };
  const signature = signPayload(payload, vectors.hmac_key_utf8);
  expect(await readFile(cachePath, "utf8")).toBe(
    JSON.stringify({ signed_payload: payload, signature }, null, 2),
  );
  if (process.platform !== "win32") expect((await stat(cachePath)).mode & 0o777).toBe(0o600);
});

test("makes the folder, and keeps a symbolic link", async () => {
  const { start, home } = await startWorkspace();
  await symlink(join(home, "real", "cache.json"), join(home, "link.json"));

  await start({ cachePath: join(home, "link.json") }).load();

  expect(await readdir(join(home, "real"))).toEqual(["cache.json"]);
  expect((await start({ cachePath: join(home, "link.json") }).load()).origin).toBe("cache");
});

test("a file that was cut anywhere is not used", async () => {
  const { start, cachePath } = await startWorkspace();
  await start().load();
  const whole = await readFile(cachePath);
  const statuses = new Set<string>();
  for (let length = 0; length < whole.length; length += 29) {
    await writeFile(cachePath, whole.subarray(0, length));
    const { cache, origin } = await start().load();
    statuses.add(`${cache?.status} ${origin}`);
    await writeFile(cachePath, whole);
  }
  expect([...statuses]).toEqual(["CacheParseFailed backend"]);
});

test("a file with one byte changed is not used, or says what it said before", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "cache.json");
  const section = { enterprise_managed: [{ id: "a", name: "Ä", contents: 'model = "m1"\n' }] };
  const bundle = { config_toml: section, requirements_toml: section };
  const cache = cacheAt(path);
  await cache.save(identity, bundle);
  const whole = await readFile(path);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (index, change) => {
      const changed = Uint8Array.from(whole);
      changed[index] = (changed[index] ?? 0) ^ change;
      await writeFile(path, changed);
      const found = await cache.load(identity);
      if (found.bundle !== undefined) expect(found.bundle).toStrictEqual(bundle);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ["no JSON", "secret-value", "CacheParseFailed"],
  ["no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "CacheParseFailed"],
  ["another shape", "[]", "CacheParseFailed"],
  ["a version that is none", signed(payloadOf({ version: -1 })), "CacheParseFailed"],
  ["a time that is none", signed(payloadOf({ cached_at: "yesterday" })), "CacheParseFailed"],
  ["a day that is none", signed(payloadOf({ expires_at: "2026-02-30T11:00:00Z" })), "CacheParseFailed"],
  [
    "a time of another zone",
    signed(payloadOf({ cached_at: "2026-06-25T10:00:00Z" })).replace("10:00:00Z", "05:30:00-04:30"),
    "Hit",
  ],
  ["another order of members", reordered(signed(payloadOf({}))), "Hit"],
  ["a signature of another spelling", signed(payloadOf({})).replace(/=*"}$/, '"}'), "CacheSignatureInvalid"],
  ["a time in the future", signed(payloadOf({ cached_at: "2026-06-25T10:00:01Z" })), "CacheTimestampInvalid"],
  [
    "a life longer than any",
    signed(payloadOf({ expires_at: "2026-06-25T11:00:00.000000001Z" })),
    "CacheTimestampInvalid",
  ],
  ["its last moment", signed(payloadOf({ expires_at: "2026-06-25T10:00:00.250000001Z" })), "Hit"],
  ["its end", signed(payloadOf({ expires_at: "2026-06-25T10:00:00.25Z" })), "CacheSignatureInvalid"],
  ["its end, well written", signed(payloadOf({ expires_at: "2026-06-25T10:00:00.250Z" })), "CacheExpired"],
  ["another user", signed(payloadOf({ chatgpt_user_id: "user-2" })), "CacheIdentityMismatch"],
])("a file with %s", async (_name, text, status) => {
  expect(await statusOf(text)).toBe(status);
});

test("says why a file was not used, and quotes nothing of it", async () => {
  const path = join(await temporaryFolder(), "cache.json");
  await writeFile(path, "secret-value");
  const { reading } = await cacheAt(path).load(identity);
  expect(reading).toEqual({
    status: "CacheParseFailed",
    message: "Failed to parse cloud config bundle cache: no JSON.",
    level: "warn",
    path,
  });
});

test.each([
  ["{}", "signed_payload: Invalid input: expected object, received undefined"],
  [
    signed(payloadOf({ version: "1" })),
    "signed_payload.version: Invalid input: expected number, received string",
  ],
  [signed(payloadOf({ cached_at: "secret-value" })), "signed_payload.cached_at: no timestamp"],
])("says what a file lacks: %s", async (text, reason) => {
  const path = join(await temporaryFolder(), "cache.json");
  await writeFile(path, text);
  const { reading } = await cacheAt(path).load(identity);
  expect(reading.message).toBe(`Failed to parse cloud config bundle cache: ${reason}.`);
});

test("a cache that cannot be read is no error", async () => {
  const { start, home } = await startWorkspace();
  const cachePath = join(home, "folder");
  await mkdir(cachePath);
  const failures: CacheWriteFailure[] = [];

  const policies = await start({
    cachePath,
    telemetry: { onCacheWriteFailure: (failure) => failures.push(failure) },
  }).load();

  expect(policies).toMatchObject({
    origin: "backend",
    cache: { status: "CacheReadFailed", level: "warn", message: /EISDIR/ },
  });
  expect(failures).toMatchObject([{ path: cachePath, error: { code: expect.stringMatching(/^E/) } }]);
});

test("an hour later the cache has expired, and is renewed", async () => {
  const { backend, start } = await startWorkspace();
  let time = now;
  const clock = (): number => time;
  const readings: (CacheReading | undefined)[] = [];
  for (const passed of [0, hourMs - 1, 1, 0]) {
    time += passed;
    readings.push((await start({ clock }).load()).cache);
  }
  expect(readings.map((reading) => reading?.status)).toEqual([
    "CacheFileNotFound",
    "Hit",
    "CacheExpired",
    "Hit",
  ]);
  expect(backend.requests).toHaveLength(2);
});

test("a clock that was put back does not make an old cache new", async () => {
  const { start } = await startWorkspace();
  await start({ clock: () => now }).load();
  expect((await start({ clock: () => now - 1 }).load()).cache?.status).toBe("CacheTimestampInvalid");
});

test("writers that are killed in the middle leave a cache that is whole", async () => {
  const program = await bundleChild("write-forever");
  const path = join(await temporaryFolder(), "cache.json");
  const temporaryFiles = async (): Promise<number> => (await readdir(join(path, ".."))).length - 1;
  const statuses: string[] = [];
  for (let kill = 0; kill < 6; kill += 1) {
    const leftBehind = await temporaryFiles();
    const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "close");
    await once(child.stdout, "data");
    while ((await temporaryFiles()) <= leftBehind);
    child.kill("SIGKILL");
    await ended;
    statuses.push((await cacheAt(path, Date.now).load(identity)).reading.status);
  }
  expect(statuses).toEqual(Array(6).fill("Hit"));
  // Temporary files prove that some were killed while they wrote, and not just after.
  expect(await temporaryFiles()).toBeGreaterThan(0);
}, 60_000);
