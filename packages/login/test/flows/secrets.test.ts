import { inspect } from "node:util";
import type { OAuthFault } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { type LoginOptions, loginWithBrowser, loginWithDeviceCode } from "../../src/index.js";
import { FakeBrowser } from "./support/browser.js";
import { type FlowWorld, openFlowWorld } from "./support/flow-world.js";

const deviceToken = "/api/accounts/deviceauth/token";
const tokens = {
  id_token: "eyJhbGciOiJub25lIn0.e30.c2ln",
  access_token: "access-secret",
  refresh_token: "refresh-secret",
};

const faults: readonly (readonly [string, OAuthFault | ((world: FlowWorld) => void)])[] = [
  ["nothing going wrong", () => {}],
  ...[400, 401, 403, 429, 500, 503].map(
    (status) => [`status ${status}`, { kind: "status", status, body: JSON.stringify(tokens) }] as const,
  ),
  [
    "tokens that lack one",
    { kind: "status", status: 200, body: JSON.stringify({ ...tokens, id_token: null }) },
  ],
  ["tokens in plain text", { kind: "status", status: 200, body: "access-secret refresh-secret" }],
  [
    "an id token that is none",
    { kind: "status", status: 200, body: JSON.stringify({ ...tokens, id_token: "id-secret" }) },
  ],
  [
    "an approval that lacks the verifier",
    { kind: "status", status: 200, path: deviceToken, body: '{"authorization_code":"code-secret"}' },
  ],
  ["an empty answer", { kind: "empty" }],
  ["a page of a proxy", { kind: "html" }],
  ["a connection that breaks", { kind: "cut" }],
  ["a connection that breaks while polling", { kind: "cut", path: deviceToken }],
];

type Flow = (options: LoginOptions, seen: (text: string) => void) => Promise<unknown>;

const flows: readonly (readonly [string, Flow])[] = [
  [
    "in the browser",
    async (options, seen) => {
      const browser = new FakeBrowser();
      try {
        return await loginWithBrowser({ ...options, openUrl: browser.open });
      } finally {
        const { url, text } = await browser.sight();
        // The callback's own address holds the code: that is how it comes here.
        seen(url.includes("/auth/callback") ? text : url + text);
      }
    },
  ],
  ["with a device code", (options) => loginWithDeviceCode({ ...options, onUserCode: () => {} })],
];

const cases = flows.flatMap(([way, flow]) => faults.map(([what, fault]) => ({ way, what, flow, fault })));

test.each(cases)("no secret of a sign-in $way is shown after $what", async ({ flow, fault }) => {
  const world = await openFlowWorld();
  if (typeof fault === "function") fault(world);
  else world.issuer.fault(fault);
  let shown = "";
  const outcome: unknown = await flow(world.login, (text) => {
    shown += text;
  }).catch((error: unknown) => error);
  for (let part = outcome; part !== undefined && part !== null; part = (part as Error).cause) {
    const { body, headers } = part as { body?: unknown; headers?: unknown };
    shown +=
      inspect(part, { depth: 20, showHidden: true }) + JSON.stringify(part) + inspect({ body, headers });
    shown += part instanceof Error ? `${part.message} ${part.stack}` : "";
  }
  const secrets = await secretsOf(world);
  expect(secrets.length).toBeGreaterThan(5);
  for (const secret of secrets) expect(shown).not.toContain(secret);
});

async function secretsOf(world: FlowWorld): Promise<readonly string[]> {
  const sent = world.issuer.requests.flatMap((request) =>
    request.headers["content-type"]?.startsWith("application/json")
      ? [request.json()["device_auth_id"]]
      : ["code", "code_verifier", "subject_token"].map((name) => request.form().get(name)),
  );
  const stored = Object.values((await world.readAuth()) ?? {}).flatMap((value) =>
    typeof value === "object" ? Object.values((value ?? {}) as Record<string, unknown>) : [value],
  );
  const issued = ["access-secret", "refresh-secret", "id-secret", "code-secret", tokens.id_token];
  return [...sent, ...stored, ...issued].filter(
    (value): value is string => typeof value === "string" && value.length > 8 && !publicFacts.has(value),
  );
}

const publicFacts: ReadonlySet<string> = new Set(["account-test"]);
