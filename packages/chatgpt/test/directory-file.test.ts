import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { directoryCacheKey, directoryCachePath } from "@codex-ts/connectors";
import { expect, test } from "vitest";
import { ChatgptClient } from "../src/index.js";
import { startClient, type TestClient, temporaryFolder } from "./support/start-client.js";
import { personal } from "./support/test-login.js";

const old = JSON.stringify({ schema_version: 1, connectors: [{ id: "old", name: "Old" }] });

interface SlowFile extends TestClient {
  /** Resolves when an answer is being remembered, which is when the clock is first looked at. */
  readonly isListed: Promise<void>;
  /** Ends the reading of the file, with this content. */
  readonly release: (text: string) => Promise<void>;
  readonly names: (client?: ChatgptClient) => Promise<readonly string[] | undefined>;
}

/** A client whose cache file is a pipe: reading takes until somebody writes. */
async function startSlow(): Promise<SlowFile> {
  const home = await temporaryFolder();
  let onListed: () => void = () => {};
  const isListed = new Promise<void>((resolve) => {
    onListed = resolve;
  });
  const clock = (): number => {
    onListed();
    return Date.now();
  };
  const started = await startClient(personal, { home, clock });
  const key = directoryCacheKey(started.options.baseUrl, personal.identity);
  const path = join(home, key === undefined ? "" : directoryCachePath(key));
  await mkdir(dirname(path), { recursive: true });
  execFileSync("sh", ["-c", 'mkfifo "$0"', path]);
  started.backend.connectors.add({ id: "new", name: "New" });
  return {
    ...started,
    isListed,
    release: (text) => writeFile(path, text),
    names: async (client = started.client) => (await client.cachedDirectory())?.map(({ name }) => name),
  };
}

test("what the server says meanwhile counts more than the file", async () => {
  const { backend, client, names, isListed, release } = await startSlow();
  const reading = names();
  const listing = client.listDirectory();
  await isListed;
  await release(old);
  expect(await reading).toEqual(["Old"]);
  await listing;
  await client.listDirectory();
  expect(await names()).toEqual(["New"]);
  expect(backend.requests).toHaveLength(1);
});

test("what is cleared meanwhile does not come back from the file", async () => {
  const { client, names, options, release } = await startSlow();
  const reading = names();
  const clearing = client.clearCaches();
  await release(old);
  expect(await reading).toEqual(["Old"]);
  await clearing;
  expect(await names()).toBeUndefined();
  expect(await names(new ChatgptClient(options))).toBeUndefined();
});

test("a file that turns out to be damaged does not take its successor with it", async () => {
  const { client, names, options, isListed, release } = await startSlow();
  const reading = names();
  const listing = client.listDirectory();
  await isListed;
  await release("damaged");
  expect(await reading).toBeUndefined();
  await listing;
  expect(await names(new ChatgptClient(options))).toEqual(["New"]);
});
