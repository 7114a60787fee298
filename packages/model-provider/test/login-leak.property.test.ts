import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { ProviderAuthScope, resolveProvider, resolveProviderAuth } from "../src/index.js";
import { type Login, modes, worldOfTest } from "./support/world.js";

/** Credentials of a provider's own, none more often than not. */
const ownCredential = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        env_key: fc.constantFrom("SET_KEY", "BLANK_KEY", "UNSET_KEY", "OPENAI_API_KEY"),
        experimental_bearer_token: fc.constantFrom("own-token", ""),
      },
      { requiredKeys: [] },
    ),
  },
);

interface Settings {
  readonly env_key?: string;
  readonly experimental_bearer_token?: string;
  readonly requires_openai_auth?: boolean;
}

/** A provider table of any shape that the configuration allows, most of them odd. */
const table: fc.Arbitrary<Settings> = fc
  .tuple(
    ownCredential,
    fc.record(
      {
        name: fc.constantFrom("Mine", "OpenAI", "azure", "Amazon Bedrock", "gpt-oss", "chatgpt.com"),
        requires_openai_auth: fc.boolean(),
        supports_websockets: fc.boolean(),
        http_headers: fc.constantFrom({}, { "x-a": "1" }, { authorization: "Bearer own-header" }),
        env_http_headers: fc.constantFrom({}, { "x-b": "SET_KEY" }),
        query_params: fc.constantFrom({}, { key: "value" }),
      },
      { requiredKeys: ["name"] },
    ),
  )
  .map(([own, settings]) => ({ ...settings, ...own }));

const environment = { SET_KEY: "env-token", BLANK_KEY: " ", OPENAI_API_KEY: "sk-of-environment" };

test("a login reaches a server only if its provider asks for the login and brings no credential of its own", async () => {
  const world = await worldOfTest();
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push([request.url, ...request.rawHeaders].join("\n"));
    response.setHeader("content-type", "application/json");
    response.end('{"models":[]}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const logins: Login[] = [];
  for (const mode of modes) logins.push(await world.signIn(mode));
  let sentWithLogin = 0;
  let sentWithout = 0;

  await fc.assert(
    fc.asyncProperty(
      table,
      fc.integer({ min: 0, max: logins.length - 1 }),
      fc.constantFrom("ChatGptAuth" as const, "JwtOnly" as const),
      async (settings, index, agentIdentityPolicy) => {
        const { manager, secrets } = logins[index] as Login;
        const config = {
          model_providers: { mine: { ...settings, base_url: baseUrl, request_max_retries: 0 } },
        };
        const provider = await resolveProvider("mine", config, { clientVersion: "1.2.3", environment });
        const scope = new ProviderAuthScope({ login: manager, environment, agentIdentityPolicy });
        const before = seen.length;
        try {
          const resolved = await resolveProviderAuth(provider, scope);
          await world.transport.execute(
            { method: "GET", url: `${resolved.provider.baseUrl}/x`, headers: resolved.provider.headers },
            { auth: resolved.auth },
          );
        } catch {
          // Whatever cannot be signed as it should be is not sent.
          expect(seen).toHaveLength(before);
          return;
        }
        const arrived = seen.slice(before).join("\n");
        const mayHaveLogin =
          settings.requires_openai_auth === true &&
          settings.env_key === undefined &&
          settings.experimental_bearer_token === undefined;
        if (mayHaveLogin) sentWithLogin += 1;
        else {
          sentWithout += 1;
          for (const secret of [...secrets, "AgentAssertion"]) expect(arrived).not.toContain(secret);
          expect(arrived.toLowerCase()).not.toMatch(/chatgpt-account-id|x-openai-fedramp/);
        }
        // A provider that names a credential is never sent anything without it.
        if (settings.env_key === "SET_KEY") expect(arrived).toContain("Bearer env-token");
        else if (settings.env_key === "OPENAI_API_KEY") expect(arrived).toContain("Bearer sk-of-environment");
        else if (settings.env_key !== undefined) expect(arrived).toBe("nothing may arrive");
        else if (settings.experimental_bearer_token !== undefined)
          expect(arrived).toContain("Bearer own-token");
        else if (settings.requires_openai_auth === true) {
          const credential = logins[index]?.secrets[0] ?? "nothing may arrive";
          expect(arrived).toContain(
            agentIdentityPolicy === "ChatGptAuth" && index === chatgpt ? "AgentAssertion" : credential,
          );
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(Math.min(sentWithLogin, sentWithout)).toBeGreaterThan(10);
});

const chatgpt = modes.indexOf("chatgpt");
