import { type AuthProvider, applyAuth } from "@codex-ts/auth-provider";
import { awsSigV4Auth } from "@codex-ts/aws-auth";
import { expect, test } from "vitest";
import {
  type AwsAuthRequest,
  bedrockUserMessage,
  createProviderModels,
  type ModelProvider,
  ProviderAuthScope,
  type ProviderAuthScopeOptions,
  providerAuthSource,
  type ResolvedProviderAuth,
  resolveProvider,
  resolveProviderAuth,
} from "../src/index.js";
import { writeAuth } from "./support/home.js";
import { modes, worldOfTest } from "./support/world.js";

async function bedrock(aws?: object): Promise<ModelProvider> {
  const config = aws === undefined ? {} : { model_providers: { "amazon-bedrock": { aws } } };
  return await resolveProvider("amazon-bedrock", config, { clientVersion: "1.2.3", environment: {} });
}

async function resolveWith(options: ProviderAuthScopeOptions, aws?: object): Promise<ResolvedProviderAuth> {
  return await resolveProviderAuth(await bedrock(aws), new ProviderAuthScope(options));
}

async function authorizationOf({ auth, provider }: ResolvedProviderAuth): Promise<string | null> {
  const url = `${provider.baseUrl}/responses`;
  const signed = await applyAuth(auth, { method: "POST", url, headers: new Headers(), body: "{}" });
  return signed.headers.get("authorization");
}

const urlOf = (region: string): string => `https://bedrock-mantle.${region}.api.aws/openai/v1`;
const token = { AWS_BEARER_TOKEN_BEDROCK: " aws-token " };
const regions = { AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "eu-north-1" };

test.each([
  [{ region: " eu-west-1 " }, { ...token, ...regions }, "eu-west-1"],
  [{}, { ...token, ...regions }, "us-west-2"],
  [{ region: " " }, { ...token, AWS_REGION: "", AWS_DEFAULT_REGION: "eu-north-1" }, "eu-north-1"],
])("with %j and the environment %j a bearer token is for %s", async (aws, environment, region) => {
  const resolved = await resolveWith({ environment }, aws);
  expect(resolved).toMatchObject({ mode: "apikey", account: undefined, usesCodexBackend: false });
  expect(resolved.provider.baseUrl).toBe(urlOf(region));
  expect(await authorizationOf(resolved)).toBe("Bearer aws-token");
});

test("a bearer token without a region is an error", async () => {
  await expect(resolveWith({ environment: token })).rejects.toMatchObject({
    kind: "aws",
    message:
      "Amazon Bedrock bearer token auth requires `model_providers.amazon-bedrock.aws.region`, `AWS_REGION`, or `AWS_DEFAULT_REGION`",
  });
});

test.each([
  "us-east-2",
  "us-east-1",
  "us-west-2",
  "ap-southeast-3",
  "ap-south-1",
  "ap-northeast-1",
  "eu-central-1",
  "eu-west-1",
  "eu-west-2",
  "eu-south-1",
  "eu-north-1",
  "sa-east-1",
])("%s is supported", async (region) => {
  expect((await resolveWith({ environment: token }, { region })).provider.baseUrl).toBe(urlOf(region));
});

test.each(["us-gov-west-1", "evil.test/x", "EU-WEST-1"])("%s is not", async (region) => {
  await expect(resolveWith({ environment: token }, { region })).rejects.toMatchObject({
    kind: "aws",
    message: `Amazon Bedrock Mantle does not support region \`${region}\``,
  });
});

test("AWS credentials sign for the configured region and profile, once made", async () => {
  const asked: AwsAuthRequest[] = [];
  const awsAuth = (request: AwsAuthRequest): AuthProvider => {
    asked.push(request);
    return awsSigV4Auth({
      ...request,
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    });
  };
  const provider = await bedrock({ region: "eu-west-1", profile: "work" });
  const scope = new ProviderAuthScope({ awsAuth, environment: regions });
  const resolved = await resolveProviderAuth(provider, scope);
  await resolveProviderAuth(provider, scope);
  expect(asked).toEqual([{ region: "eu-west-1", service: "bedrock-mantle", profile: "work" }]);
  expect(resolved).toMatchObject({ mode: "aws", usesCodexBackend: false, account: undefined });
  expect(await authorizationOf(resolved)).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/bedrock-mantle\/aws4_request, /,
  );
  const request = { method: "GET", url: urlOf("eu-west-1"), headers: new Headers() };
  const signed = await applyAuth(providerAuthSource(provider, scope).provider, request);
  expect(signed.headers.get("authorization")).toMatch(/^AWS4-HMAC-SHA256 /);
});

test.each([
  [{}, "Amazon Bedrock auth by AWS credentials requires `model_providers.amazon-bedrock.aws.region`"],
  [
    regions,
    "there is no credential for Amazon Bedrock: sign in with a Bedrock API key, set `AWS_BEARER_TOKEN_BEDROCK`",
  ],
])("without a credential and with %j nothing is sent", async (environment, message) => {
  const error = expect.objectContaining({ kind: "aws", message: expect.stringContaining(message) });
  await expect(resolveWith({ environment })).rejects.toEqual(error);
  const source = providerAuthSource(await bedrock(), new ProviderAuthScope({ environment }));
  const request = { method: "GET", url: urlOf("eu-west-1"), headers: new Headers() };
  await expect(applyAuth(source.provider, request)).rejects.toMatchObject({
    name: "AuthError",
    kind: "build",
  });
  expect(() => source.provider.addAuthHeaders(new Headers())).toThrow("sign whole requests");
});

test("a Bedrock key of the login goes before everything, in its own region", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("bedrockApiKey");
  const resolved = await resolveWith(
    { login: manager, environment: { ...token, ...regions } },
    { region: "us-east-1" },
  );
  expect(resolved.mode).toBe("bedrockApiKey");
  expect(resolved.provider.baseUrl).toBe(urlOf("eu-west-1"));
  expect(await authorizationOf(resolved)).toBe("Bearer bedrock-key");
});

test.each(modes.filter((mode) => mode !== "bedrockApiKey"))("%s is never sent to Bedrock", async (mode) => {
  const world = await worldOfTest();
  const { manager, secrets } = await world.signIn(mode);
  const resolved = await resolveWith({ login: manager, environment: { ...token, ...regions } });
  const authorization = await authorizationOf(resolved);
  expect(authorization).toBe("Bearer aws-token");
  for (const secret of secrets) expect(authorization).not.toContain(secret);
});

test("a login that could not be loaded may be the Bedrock key, so no other credential takes its place", async () => {
  const world = await worldOfTest();
  const { manager, home } = await world.signIn("bedrockApiKey");
  await writeAuth(home, { auth_mode: "bedrockApiKey" });
  await manager.reload().catch(() => {});
  const options = { login: manager, environment: { ...token, ...regions } };
  await expect(resolveWith(options)).rejects.toMatchObject({
    name: "LoginError",
    kind: "credential_missing",
  });
});

test("a login without I/O-free reading is read as it can be", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("bedrockApiKey");
  const login = {
    provider: manager.provider,
    current: () => manager.current(),
    auth: (signal?: AbortSignal) => manager.auth(signal),
  };
  expect((await resolveWith({ login, environment: {} })).mode).toBe("bedrockApiKey");
});

test.each<[number | undefined, string | undefined, boolean]>([
  [401, "Signature expired: 20260624T120000Z is now earlier than …", true],
  [401, "The security token is invalid", false],
  [403, "Signature expired: …", false],
  [401, undefined, false],
  [undefined, "Signature expired: …", false],
])("an answer %s %j has a text of its own: %s", (status, body, hasText) => {
  expect(bedrockUserMessage({ status, body })).toBe(
    hasText
      ? "Amazon Bedrock rejected the request because its AWS signature has expired. Refresh your AWS credentials and retry. If `AWS_BEARER_TOKEN_BEDROCK` is set, update or unset it, then restart Codex"
      : undefined,
  );
});

test("its models are fixed, or those of a catalogue without their tiers", async () => {
  const world = await worldOfTest();
  const scope = new ProviderAuthScope({ environment: {} });
  const options = { transport: world.transport, clientVersion: "1.2.3" };
  const models = createProviderModels(await bedrock(), scope, options);
  const list = await models.list({ strategy: "online" });
  expect(
    list.map(({ model }) => [model.slug, model.priority, model.context_window, model.service_tiers]),
  ).toEqual([
    ["openai.gpt-5.5", 0, 272_000, []],
    ["openai.gpt-5.4", 1, 272_000, []],
  ]);
  expect(list.every(({ model }) => model.max_context_window === 272_000)).toBe(true);

  const [first] = list;
  if (first === undefined) throw new Error("no model");
  const tier = { id: "priority", name: "Priority", description: "" };
  const catalog = [{ ...first.model, slug: "mine", service_tiers: [tier], default_service_tier: "priority" }];
  const [mine] = await createProviderModels(await bedrock(), scope, { ...options, catalog }).list();
  expect(mine?.model).toMatchObject({ slug: "mine", service_tiers: [] });
  expect(mine?.model).not.toHaveProperty("default_service_tier");
});
