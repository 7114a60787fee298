import { readFileSync } from "node:fs";
import { ResponsesClient } from "@codex-ts/api";
import { applyAuth } from "@codex-ts/auth-provider";
import { awsSigV4Auth } from "@codex-ts/aws-auth";
import { createTransport } from "@codex-ts/client";
import { AuthManager } from "@codex-ts/login";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  createProviderModels,
  ProviderAuthScope,
  resolveProvider,
  resolveProviderAuth,
} from "../src/index.js";
import { temporaryFolder } from "./support/home.js";
import { worldOfTest } from "./support/world.js";

test("README example: the configured provider with the login, as it is written", async () => {
  const world = await worldOfTest();
  const { transport } = world;
  const { home } = await world.signIn("apikey");
  const cacheFolder = await temporaryFolder();
  vi.stubEnv("CODEX_HOME", home);
  onTestFinished(() => vi.unstubAllEnvs() && undefined);
  const config = { model: "gpt-5.5", openai_base_url: world.backend.urls.openai };

  const login = await AuthManager.open();
  const scope = new ProviderAuthScope({ login });
  const chosen = await resolveProvider(undefined, config, { clientVersion: "1.2.3" });

  const { provider, auth } = await resolveProviderAuth(chosen, scope);
  const client = new ResponsesClient({ transport: createTransport(), provider, auth });

  const stream = await client.stream({
    model: "gpt-5.5",
    input: [],
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: null,
    store: false,
    stream: true,
    include: [],
  });
  for await (const _event of stream);
  expect(world.backend.requests[0]).toMatchObject({
    status: 200,
    headers: { authorization: "Bearer sk-test", version: "1.2.3" },
  });

  await using models = createProviderModels(chosen, scope, {
    transport,
    clientVersion: "1.2.3",
    cacheFolder,
  });
  const presets = await models.list();

  expect(presets.length).toBeGreaterThan(0);
});

test("README example: AWS credentials, as it is written", async () => {
  const fromNodeProviderChain = (_settings: { readonly profile: string | undefined }) => async () => ({
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "example",
  });

  const bedrockScope = new ProviderAuthScope({
    awsAuth: ({ region, service, profile }) =>
      awsSigV4Auth({ region, service, credentials: fromNodeProviderChain({ profile }) }),
  });

  const config = { model_providers: { "amazon-bedrock": { aws: { region: "eu-west-1" } } } };
  const bedrock = await resolveProvider("amazon-bedrock", config, { clientVersion: "1.2.3" });
  const { provider, auth } = await resolveProviderAuth(bedrock, bedrockScope);
  const signed = await applyAuth(auth, { method: "GET", url: provider.baseUrl, headers: new Headers() });
  expect(signed.headers.get("authorization")).toContain("/eu-west-1/bedrock-mantle/");
});

test("the examples of the README are those that are run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8"));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const statements = examples.map((code) =>
    code.replaceAll(/^import .*$/gm, "").replaceAll(/ *\/\/ .*$/gm, ""),
  );
  expect(statements).toHaveLength(3);
  for (const code of statements) expect(self).toContain(compressed(code));
});

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
