import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { applyAuth } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import {
  type ModelProvider,
  ProviderAuthScope,
  providerAuthSource,
  resolveProvider,
  resolveProviderAuth,
} from "../src/index.js";
import { temporaryFolder } from "./support/home.js";
import { send } from "./support/send.js";
import { type World, worldOfTest } from "./support/world.js";

async function providerOf(world: World, table: object, configFolder?: string): Promise<ModelProvider> {
  const tables = {
    mine: { name: "Mine", base_url: world.backend.urls.openai, request_max_retries: 0, ...table },
  };
  return await resolveProvider("mine", { model_providers: tables }, { clientVersion: "1.2.3", configFolder });
}

test.each<[object, object, string]>([
  [{}, {}, "Missing environment variable: `MY_KEY`."],
  [{ MY_KEY: " \n" }, {}, "Missing environment variable: `MY_KEY`."],
  [
    {},
    { env_key_instructions: "Get one at acme.test." },
    "Missing environment variable: `MY_KEY`. Get one at acme.test.",
  ],
])(
  "with the environment %j a key that is missing is an error, and nothing is sent",
  async (environment, table, message) => {
    const world = await worldOfTest();
    const provider = await providerOf(world, { env_key: "MY_KEY", ...table });
    const { manager } = await world.signIn("apikey");
    const scope = new ProviderAuthScope({
      login: manager,
      environment: environment as Record<string, string>,
    });
    await expect(send(world, provider, scope)).rejects.toMatchObject({
      kind: "env_var",
      message,
      variable: "MY_KEY",
    });
    const live = providerAuthSource(provider, scope).provider;
    const request = { method: "GET", url: world.backend.urls.openai, headers: new Headers() };
    await expect(applyAuth(live, request)).rejects.toMatchObject({
      name: "AuthError",
      kind: "build",
      message,
    });
    expect(world.backend.requests).toEqual([]);
  },
);

test("the key is sent as it stands in the variable, and read again for each request", async () => {
  const world = await worldOfTest();
  const provider = await providerOf(world, { env_key: "MY_KEY" });
  const environment: Record<string, string> = { MY_KEY: " spaced" };
  const scope = new ProviderAuthScope({ environment });
  expect((await send(world, provider, scope)).headers.authorization).toBe("Bearer  spaced");
  const { auth } = await resolveProviderAuth(provider, scope);
  environment["MY_KEY"] = "rotated";
  const headers = new Headers();
  auth.addAuthHeaders(headers);
  expect(headers.get("authorization")).toBe("Bearer rotated");
});

test.each([
  [{ env_key: "MY_KEY" }, "MY_KEY holds a character that a header cannot carry"],
  [
    { experimental_bearer_token: "secret\u0001" },
    'the token of model provider "mine" holds a character that a header cannot carry',
  ],
  [{ experimental_bearer_token: "" }, 'the token of model provider "mine" is empty'],
])("a token that no header can carry is an error that does not show it: %j", async (table, message) => {
  const world = await worldOfTest();
  const scope = new ProviderAuthScope({ environment: { MY_KEY: "secret\u2028" } });
  const error = await send(world, await providerOf(world, table), scope).catch((caught: unknown) => caught);
  expect(inspect(error, { depth: 9 })).toContain(message);
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("secret");
  expect(world.backend.requests).toEqual([]);
});

/** A command that prints another token with each run, and how often it has run. */
async function countingCommand(): Promise<{ readonly folder: string; readonly auth: object }> {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, "token.mjs"),
    `import { appendFileSync, readFileSync } from "node:fs";
appendFileSync("runs", ".");
console.log("\\n token-" + readFileSync("runs", "utf8").length + " \\n");`,
  );
  return { folder, auth: { command: process.execPath, args: ["token.mjs"], timeout_ms: 60_000, cwd: "." } };
}

const authorizations = ({ backend }: World): unknown[] =>
  backend.requests.map(({ headers }) => headers.authorization);

test("a token command runs in the folder of the configuration, once for many callers", async () => {
  const world = await worldOfTest();
  const { folder, auth } = await countingCommand();
  const provider = await providerOf(world, { auth }, folder);
  const scope = new ProviderAuthScope({ environment: {} });
  await Promise.all(Array.from({ length: 20 }, () => send(world, provider, scope)));
  expect(new Set(authorizations(world))).toEqual(new Set(["Bearer token-1"]));
});

test("a refused token makes the command run again, exactly once", async () => {
  const world = await worldOfTest();
  const { folder, auth } = await countingCommand();
  const provider = await providerOf(world, { auth }, folder);
  world.backend.fault({ kind: "unauthorized", path: "/models" });
  await send(world, provider, new ProviderAuthScope({ environment: {} }));
  expect(authorizations(world)).toEqual(["Bearer token-1", "Bearer token-2"]);
});

test("a token that stays refused is given up", async () => {
  const world = await worldOfTest();
  const { folder, auth } = await countingCommand();
  const provider = await providerOf(world, { auth }, folder);
  world.backend.fault({ kind: "unauthorized", path: "/models", times: 9 });
  await expect(send(world, provider, new ProviderAuthScope({ environment: {} }))).rejects.toMatchObject({
    status: 401,
  });
  expect(world.backend.requests).toHaveLength(2);
});

test("an interval of 0 keeps a token until it is refused", async () => {
  const world = await worldOfTest();
  const { folder, auth } = await countingCommand();
  const provider = await providerOf(world, { auth: { ...auth, refresh_interval_ms: 0 } }, folder);
  const scope = new ProviderAuthScope({ environment: {} });
  await send(world, provider, scope);
  await send(world, provider, scope);
  expect(authorizations(world)).toEqual(["Bearer token-1", "Bearer token-1"]);
});

test.each<[string, object, string]>([
  [
    "fails",
    { args: ["-e", "console.error('secret-of-stderr'); process.exit(3)"] },
    "exited with status exit status: 3",
  ],
  ["prints nothing", { args: ["-e", "0"] }, "produced an empty token"],
  [
    "prints no text",
    { args: ["-e", "process.stdout.write(Buffer.of(255))"] },
    "wrote non-UTF-8 data to stdout",
  ],
  [
    "takes too long",
    { args: ["-e", "setTimeout(() => {}, 60_000)"], timeout_ms: 20 },
    "timed out after 20 ms",
  ],
  ["is not there", { command: "/nowhere/token" }, "failed to start: ENOENT"],
])("a command that %s is an error, and nothing is sent", async (_name, table, message) => {
  const world = await worldOfTest();
  const auth = { command: process.execPath, timeout_ms: 60_000, ...table };
  const provider = await providerOf(world, { auth });
  const { manager } = await world.signIn("chatgpt");
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  const error = await send(world, provider, scope).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    name: "LoginError",
    kind: "token_command",
    message: expect.stringContaining(message),
  });
  expect(inspect(error, { depth: 9 })).not.toContain("secret-of-stderr");
  const live = providerAuthSource(provider, scope).provider;
  const request = { method: "GET", url: world.backend.urls.openai, headers: new Headers() };
  await expect(applyAuth(live, request)).rejects.toMatchObject({ name: "AuthError", kind: "transient" });
  expect(world.backend.requests).toEqual([]);
});

test("a command that fails has run once for each question", async () => {
  const world = await worldOfTest();
  const { folder, auth } = await countingCommand();
  await writeFile(
    join(folder, "fail.mjs"),
    'import { appendFileSync } from "node:fs"; appendFileSync("runs", "."); process.exit(1);',
  );
  const provider = await providerOf(world, { auth: { ...auth, args: ["fail.mjs"] } }, folder);
  const scope = new ProviderAuthScope({ environment: {} });
  for (const runs of [".", ".."]) {
    await expect(send(world, provider, scope)).rejects.toMatchObject({ kind: "token_command" });
    expect(await readFile(join(folder, "runs"), "utf8")).toBe(runs);
  }
});

test("a command that works again is used again", async () => {
  const world = await worldOfTest();
  const folder = await temporaryFolder();
  const command = join(folder, "token");
  const provider = await providerOf(world, { auth: { command: "./token", timeout_ms: 60_000 } }, folder);
  const scope = new ProviderAuthScope({ environment: {} });
  await expect(send(world, provider, scope)).rejects.toMatchObject({ kind: "token_command" });
  await writeFile(command, "#!/bin/sh\necho works\n");
  await chmod(command, 0o755);
  expect((await send(world, provider, scope)).headers.authorization).toBe("Bearer works");
});

test("before the command has run there are no headers alone", async () => {
  const world = await worldOfTest();
  const { folder, auth } = await countingCommand();
  const source = providerAuthSource(await providerOf(world, { auth }, folder), new ProviderAuthScope());
  expect(() => source.provider.addAuthHeaders(new Headers())).toThrow("the token command has not run yet");
  expect(await source.current()).toMatchObject({ mode: "apikey", usesCodexBackend: false });
  const headers = new Headers();
  source.provider.addAuthHeaders(headers);
  expect(headers.get("authorization")).toBe("Bearer token-1");
});
