import { inspect } from "node:util";
import type { Fault } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { ProviderAuthScope, resolveProvider } from "../src/index.js";
import { send } from "./support/send.js";
import { modes, worldOfTest } from "./support/world.js";

const faults: readonly Fault[] = [
  { kind: "status", status: 500, times: 9 },
  { kind: "unauthorized", times: 9 },
  { kind: "usage_limit" },
  { kind: "html" },
  { kind: "reset", times: 9 },
  { kind: "status", status: 200, body: "{" },
];
const signedIn = modes.filter((mode) => mode !== "nobody" && mode !== "bedrockApiKey");

test.each(signedIn)("no failure of a request shows anything of %s", async (mode) => {
  const world = await worldOfTest();
  const { manager, secrets } = await world.signIn(mode);
  const tables = {
    relay: {
      name: "Relay",
      base_url: world.backend.urls.codex,
      requires_openai_auth: true,
      request_max_retries: 0,
    },
  };
  const config = { model_providers: tables };
  const provider = await resolveProvider("relay", config, { clientVersion: "1.2.3", environment: {} });
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  for (const fault of faults) {
    world.backend.fault({ ...fault, path: "/models" });
    const error = await send(world, provider, scope).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    const printed = inspect([error, scope, provider], { depth: 12, showHidden: true, getters: true });
    // An account's id is no secret, and helps to understand an error.
    for (const secret of secrets.filter((text) => text !== "account-test" && text !== "AgentAssertion"))
      expect(printed).not.toContain(secret);
    expect(printed).not.toMatch(/AgentAssertion [A-Za-z0-9]/);
    world.backend.reset();
  }
});
