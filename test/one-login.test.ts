import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BackendClient } from "../packages/backend-client/src/index.js";
import { ChatgptClient } from "../packages/chatgpt/src/index.js";
import { createTransport } from "../packages/client/src/index.js";
import { CloudRequirements } from "../packages/cloud-requirements/src/index.js";
import { CloudTasksClient } from "../packages/cloud-tasks/src/index.js";
import { AuthManager } from "../packages/login/src/index.js";
import { createCodex } from "../packages/model-client/src/index.js";
import { createModelsManager } from "../packages/models-manager/src/index.js";
import { EnrollmentFiles, startRemoteControl } from "../packages/remote-control/src/index.js";
import { type Backend, startBackend } from "../packages/testkit/src/index.js";

const kinds = ["record", "JWT"] as const;

test.each(kinds)(
  "one Agent Identity, as a %s, signs the requests of every service, and no other credential goes out",
  async (kind) => {
    const backend = await startBackend();
    onTestFinished(() => backend.close());
    const { login, home } = await openAgentLogin(backend, kind);
    const transport = createTransport();
    onTestFinished(() => transport.close());
    const service = { transport, baseUrl: backend.urls.chatgpt, auth: login };

    await new BackendClient(service).getUsage();
    await new CloudTasksClient({ ...service, allowedOrigins: [backend.urls.origin] }).list();
    await new ChatgptClient({ ...service, home }).listDirectory();
    const requirements = CloudRequirements.start({ ...service, home });
    await requirements.load();
    await requirements.close();
    const models = createModelsManager({
      transport,
      provider: { name: "OpenAI", baseUrl: backend.urls.codex },
      auth: login,
      clientVersion: "1.2.3",
    });
    await models.list();
    await models.close();
    const control = await startRemoteControl({
      ...service,
      installationId: "installation-1",
      appServerVersion: "1.2.3",
      store: new EnrollmentFiles(join(home, "remote-control")),
      startup: "enabled",
    });
    for await (const { status } of control.statusChanges()) if (status === "connected") break;
    await control.close();
    const codex = createCodex({ auth: login, baseUrl: backend.urls.codex, environment: {} });
    await codex.turn().stream("Say hello.").result();
    await codex.close();

    const paths = new Set(backend.requests.map(({ path }) => path));
    for (const path of [
      "/backend-api/wham/usage",
      "/backend-api/wham/tasks/list",
      "/backend-api/connectors/directory/list",
      "/backend-api/wham/config/bundle",
      "/backend-api/codex/models",
      "/backend-api/wham/remote/control/server/enroll",
      "/backend-api/codex/responses",
    ])
      expect(paths).toContain(path);
    // The socket of remote control carries the token that its enrolment was answered with.
    // What a JWT is checked with is public, and the registration of its task is signed in its body.
    const ownCredential = /\/remote\/control\/server$|\/agent-identities\/jwks$|\/task\/register$/;
    const signable = backend.requests.filter(({ path }) => !ownCredential.test(path));
    const unsigned = signable.filter(({ auth }) => auth.kind !== "agentAssertion");
    // A JWT is checked with the keys of the address that was configured, before anything is signed with it.
    expect(paths.has("/backend-api/wham/agent-identities/jwks")).toBe(kind === "JWT");
    expect(unsigned.map(({ method, path, auth }) => [method, path, auth.kind])).toEqual([]);
  },
);

async function openAgentLogin(
  backend: Backend,
  kind: (typeof kinds)[number],
): Promise<{ readonly login: AuthManager; readonly home: string }> {
  const home = await mkdtemp(join(tmpdir(), "codex-ts-one-login-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  // A plan that has managed policies.
  const plan_type = "enterprise";
  const identity = kind === "JWT" ? backend.mintJwt({ plan_type }) : backend.registerAgent({ plan_type });
  const stored = { auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: identity };
  await writeFile(join(home, "auth.json"), JSON.stringify(stored), { mode: 0o600 });
  const login = await AuthManager.open({
    home,
    chatgptBaseUrl: backend.urls.chatgpt,
    environment: {
      agentIdentityAuthApiBaseUrl: backend.urls.authApi,
      agentIdentityJwksBaseUrl: backend.urls.chatgpt,
    },
  });
  onTestFinished(() => login.close());
  return { login, home };
}
