import { applyAuth } from "@codex-ts/auth-provider";
import type { OAuthFault } from "@codex-ts/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  AuthManager,
  type AuthManagerOptions,
  createTokenCommand,
  type ExternalTokens,
  type LoginTelemetry,
  loginWithAccessToken,
  logout,
} from "../src/index.js";
import { agentIdentityAt, backendOfTest } from "./support/backend.js";
import { issuerOfTest, profileOf } from "./support/issuer.js";
import { idTokenOf } from "./support/jwt.js";
import { daysAgo } from "./support/logins.js";
import { deadProfile } from "./support/managers.js";
import { everythingPrinted } from "./support/printed.js";
import { temporaryHome, writeAuth } from "./support/temporary-home.js";
import { transportOfTest } from "./support/transport.js";

/** Where nobody listens: no test may go to the real endpoints. */
const nowhere = "http://127.0.0.1:9";

/** Everything that could be seen of what a program does with a login. */
class Witness {
  readonly seen: unknown[] = [];
  readonly telemetry: LoginTelemetry = {
    onRefresh: (report) => void this.seen.push(report),
    onRecovery: (report) => void this.seen.push(report),
    onRevokeFailure: (error) => void this.seen.push(error),
  };

  async watch(...actions: (() => unknown)[]): Promise<void> {
    for (const action of actions) {
      try {
        await action();
      } catch (error) {
        this.seen.push(error);
      }
    }
  }

  /** Does everything that a manager can be asked for. */
  async exercise(options: AuthManagerOptions, external?: ExternalTokens): Promise<void> {
    const { environment, ...others } = options;
    const manager = await AuthManager.open({
      profile: deadProfile,
      reuseGraceMs: 0,
      telemetry: this.telemetry,
      environment: {
        agentIdentityAuthApiBaseUrl: nowhere,
        agentIdentityJwksBaseUrl: nowhere,
        ...environment,
      },
      ...others,
    });
    const request = () => ({ method: "GET", url: "https://host.test/", headers: new Headers() });
    const rejection = { status: 401, headers: new Headers(), body: "" };
    const recovery = manager.unauthorizedRecovery();
    await this.watch(
      async () => this.seen.push(await manager.current()),
      async () => this.seen.push(await manager.auth()),
      () => this.seen.push(manager.cached(), manager.account(), manager.refreshFailure),
      () => manager.provider.addAuthHeaders(new Headers()),
      () => applyAuth(manager.provider, request()),
      () => manager.refresh(),
      () => manager.refresh({ repeatUncertain: true }),
      () => manager.provider.recover?.({ ...rejection, round: 0 }),
      () => manager.provider.recover?.({ ...rejection, round: 1 }),
      () => recovery.next(),
      () => recovery.next(),
      () => recovery.next(),
      () => manager.agentIdentity({ policy: "ChatGptAuth" }),
      () => manager.reload(),
      () => external && manager.setExternalTokens(external),
      () => manager.auth().then((auth) => auth?.tokenData()),
      () => manager.logout(),
      () => manager.close(),
    );
    this.seen.push(manager, recovery, manager.provider);
  }

  expectNothingOf(secrets: readonly string[]): void {
    const printed = this.seen.map(everythingPrinted).join("\n");
    for (const secret of secrets) {
      for (const spelling of [
        secret,
        encodeURIComponent(secret),
        Buffer.from(secret).toString("base64url"),
      ]) {
        expect(printed).not.toContain(spelling);
      }
    }
  }
}

const secret = fc
  .string({ unit: fc.constantFrom(..."abcXYZ0189-_.~+/="), minLength: 16, maxLength: 40 })
  .map((text) => `s3cr3t${text}`);
const shapes: readonly ((secrets: readonly string[]) => string)[] = [
  (secrets) => JSON.stringify({ error: { code: secrets[0], message: secrets.join() } }),
  (secrets) => JSON.stringify({ error: secrets[0], error_description: secrets[1] }),
  (secrets) => JSON.stringify({ error: { code: "refresh_token_reused", message: secrets.join(" ") } }),
  (secrets) => JSON.stringify({ access_token: secrets[2], refresh_token: secrets[3], id_token: secrets[4] }),
  (secrets) => JSON.stringify({ id_token: secrets[2], access_token: 7 }),
  (secrets) => JSON.stringify(secrets).slice(0, -3),
  (secrets) => `<!doctype html><p>${secrets.join("</p><p>")}</p>`,
  (secrets) => secrets.join("\n"),
  () => "",
];
const answer = fc.record({
  status: fc.constantFrom(200, 201, 302, 400, 401, 403, 429, 500, 503),
  shape: fc.constantFrom(...shapes),
});
const tokens = fc.tuple(secret, secret, secret, secret, secret);

test("nothing of a token is shown, whatever the issuer answers", async () => {
  const issuer = await issuerOfTest();
  const transport = transportOfTest();
  await fc.assert(
    fc.asyncProperty(tokens, answer, fc.boolean(), async (secrets, { status, shape }, isExpired) => {
      const home = await temporaryHome();
      await writeAuth(home, {
        auth_mode: "chatgpt",
        OPENAI_API_KEY: secrets[4],
        tokens: {
          id_token: idTokenOf(),
          access_token: secrets[0],
          refresh_token: secrets[1],
          account_id: "account-1",
        },
        last_refresh: daysAgo(isExpired ? 9 : 1),
      });
      issuer.reset();
      issuer.fault({ kind: "status", status, body: shape(secrets), path: /^\/oauth\//, times: 99 });
      // Of this endpoint nobody expects tokens, so its answers are shown; but it can echo no more than it was sent.
      const echo = shape(secrets.map(() => secrets[0]));
      issuer.fault({ kind: "status", status, body: echo, path: /register$/, times: 99 });
      const witness = new Witness();
      const environment = { agentIdentityAuthApiBaseUrl: issuer.urls.authApi };
      await witness.exercise({ home, profile: profileOf(issuer), transport, environment });
      witness.expectNothingOf(secrets);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test.each<OAuthFault["kind"]>(["cut", "hang", "empty", "html"])(
  "nothing of a token is shown when the issuer's answer is %s",
  async (kind) => {
    const issuer = await issuerOfTest();
    const home = await temporaryHome();
    const issued = issuer.signIn();
    const { id_token, refresh_token } = issued;
    const stored = { id_token, access_token: "opaque-s3cr3t-token", refresh_token, account_id: "account-1" };
    await writeAuth(home, { auth_mode: "chatgpt", tokens: stored, last_refresh: daysAgo(9) });
    issuer.fault({ kind, times: 99 } as OAuthFault);
    const witness = new Witness();
    await witness.exercise({ home, profile: profileOf(issuer), refreshTimeoutMs: 30, reuseGraceMs: 0 });
    witness.expectNothingOf([id_token, refresh_token, "opaque-s3cr3t-token"]);
  },
  30_000,
);

test("nothing of a stored secret is shown, however broken the file is", async () => {
  const home = await temporaryHome();
  const transport = transportOfTest();
  await fc.assert(
    fc.asyncProperty(
      tokens,
      fc.nat(),
      fc.constantFrom<unknown>(1, true, [], null, "text", {}),
      async (all, cut, wrong) => {
        const [apiKey, access, refresh, pat, key] = all;
        const login = {
          auth_mode: "chatgpt",
          OPENAI_API_KEY: apiKey,
          tokens: { id_token: idTokenOf(), access_token: access, refresh_token: refresh, account_id: "a" },
          last_refresh: daysAgo(1),
          agent_identity: {
            agent_runtime_id: "agent",
            agent_private_key: key,
            account_id: "a",
            chatgpt_user_id: "u",
            plan_type: "pro",
            chatgpt_account_is_fedramp: false,
          },
          personal_access_token: pat,
        };
        const members = Object.keys(login);
        const broken = [
          JSON.stringify(login).slice(0, cut % JSON.stringify(login).length),
          JSON.stringify({ ...login, [members[cut % members.length] ?? ""]: wrong }),
          JSON.stringify({ ...login, tokens: { ...login.tokens, id_token: wrong } }),
          JSON.stringify({ ...login, auth_mode: "agentIdentity" }),
        ];
        const witness = new Witness();
        for (const text of broken) {
          await writeAuth(home, text);
          // Nobody listens there: a login that happens to be whole must not go anywhere either.
          const environment = { tokenUrl: "http://127.0.0.1:9/token", authApiBaseUrl: "http://127.0.0.1:9" };
          await witness.exercise({ home, transport, environment });
        }
        witness.expectNothingOf(all);
      },
    ),
    { numRuns: 15 },
  );
}, 60_000);

test("nothing of an access token or a key is shown when it is refused", async () => {
  const issuer = await issuerOfTest();
  const backend = await backendOfTest();
  const home = await temporaryHome();
  const record = backend.registerAgent({ task_id: null });
  const valid = backend.mintJwt();
  const jwts = [
    valid,
    backend.mintJwt({ exp: 1 }),
    backend.mintJwt({}, { kid: "other" }),
    backend.mintJwt({}, { alg: "none" }),
    valid.slice(0, -4),
  ];
  const pat = "at-s3cr3t-0123456789";
  const witness = new Witness();
  issuer.fault({ kind: "status", status: 403, body: pat, path: /./, times: 99 });
  backend.fault({ kind: "status", status: 403, path: /register$/, times: 99 });
  const at = agentIdentityAt(backend);
  for (const accessToken of [...jwts, pat]) {
    const options = { home, profile: profileOf(issuer), chatgptBaseUrl: at.chatgptBaseUrl };
    await witness.exercise({ ...options, environment: { ...at.environment, accessToken } });
    await witness.watch(() => loginWithAccessToken(accessToken, { ...options, environment: at.environment }));
    await witness.exercise({ ...options, environment: at.environment });
  }
  await writeAuth(home, { auth_mode: "agentIdentity", agent_identity: { ...record } });
  await witness.exercise({ home, ...at });
  await witness.watch(() => logout({ home, environment: {}, profile: profileOf(issuer) }));
  const { agent_private_key: key } = backend.registerAgent();
  witness.expectNothingOf([...jwts, pat, record.agent_private_key, key]);
}, 30_000);

test("nothing of a host's token is shown, nor what its command prints", async () => {
  const home = await temporaryHome();
  const witness = new Witness();
  const external = { accessToken: "s3cr3t-not-a-jwt-0123", accountId: "account-1" };
  await witness.exercise({ home }, external);
  for (const script of [
    "echo s3cr3t-printed-0123; exit 3",
    "printf 's3cr3t-printed\\n-0123'",
    "echo s3cr3t-printed-0123",
  ]) {
    const source = createTokenCommand({ command: "sh", args: ["-c", script, "s3cr3t-argument-0123"] });
    await witness.exercise({ home, external: source });
  }
  witness.expectNothingOf([external.accessToken, "s3cr3t-printed", "s3cr3t-argument-0123"]);
});
