import { inspect } from "node:util";
import { AuthError } from "@codex-ts/auth-provider";
import { Secret } from "@codex-ts/client";
import { expect, test } from "vitest";
import {
  type AgentIdentityRecord,
  AgentKey,
  agentBillOfMaterials,
  agentIdentityAuth,
  agentIdentityEndpoints,
  openAgentIdentity,
  parseAgentIdentityRecord,
  registerAgent,
} from "../src/index.js";
import { agentPath, jwksPath, type Network, startNetwork, taskPath } from "./support/network.js";
import { vectors } from "./support/vectors.js";

const accessToken = "access-token-test";
const seed = Buffer.from(vectors.key.seed_hex, "hex");
// What may never be seen, in each form that it takes.
const secrets = [
  vectors.key.pkcs8_version_2,
  vectors.key.pkcs8_version_1,
  seed.toString("base64").slice(0, 40),
  vectors.key.seed_hex,
  inspect(seed).slice(8, 60),
  accessToken,
  "AgentAssertion ey",
  ...Object.values(vectors.jwt.tokens).flatMap((token) => token.split(".").slice(1)),
];

type Failure = (network: Network, record: AgentIdentityRecord) => unknown;

function open({ backend, transport }: Network, material: AgentIdentityRecord | string): Promise<unknown> {
  const { authApi, chatgpt } = backend.urls;
  const endpoints = agentIdentityEndpoints(chatgpt, { authApiBaseUrl: authApi, jwksBaseUrl: chatgpt });
  return openAgentIdentity(material, { transport, endpoints });
}

function call({ backend, transport }: Network, record: AgentIdentityRecord): Promise<unknown> {
  const auth = agentIdentityAuth(record, { transport, authApiBaseUrl: backend.urls.authApi });
  return transport.execute({ method: "GET", url: `${backend.urls.codex}/models` }, { auth });
}

function register({ backend, transport }: Network, auth = new Secret(accessToken)): Promise<unknown> {
  return registerAgent({
    transport,
    authApiBaseUrl: backend.urls.authApi,
    key: AgentKey.fromPkcs8Base64(vectors.key.pkcs8_version_2),
    auth,
    abom: agentBillOfMaterials({ agentVersion: "1.2.3" }),
  });
}

const failures: readonly (readonly [string, Failure])[] = [
  ...Object.entries(vectors.jwt.tokens).map(([name, token]): [string, Failure] => [
    `the token ${name}`,
    (network) => {
      const body = JSON.stringify(vectors.jwt.jwks);
      network.backend.fault({ kind: "status", status: 200, body, path: jwksPath });
      return open(network, token);
    },
  ]),
  ["a token cut short", (network) => open(network, vectors.jwt.tokens.valid.slice(0, 300))],
  [
    "a token while no keys can be had",
    (network) => {
      network.backend.fault({ kind: "status", status: 500, path: jwksPath });
      return open(network, vectors.jwt.tokens.valid);
    },
  ],
  [
    "a key cut short",
    (_, record) => agentIdentityAuth({ ...record, agent_private_key: `${vectors.key.pkcs8_version_2}=` }),
  ],
  [
    "a record with the key in the wrong place",
    (_, record) => parseAgentIdentityRecord({ ...record, task_id: [record.agent_private_key] }),
  ],
  [
    "a task that is refused",
    (network, record) => open(network, { ...record, task_id: null, agent_runtime_id: "other" }),
  ],
  [
    "a task whose refusal echoes the request",
    (network, record) => {
      network.backend.fault({ kind: "status", status: 400, body: "signature=", path: taskPath });
      return open(network, { ...record, task_id: null });
    },
  ],
  ["an agent whose token has a line break", (network) => register(network, new Secret(`${accessToken}\n`))],
  [
    "an agent whose refusal echoes the token",
    (network) => {
      network.backend.fault({ kind: "status", status: 403, body: `Bearer ${accessToken}`, path: agentPath });
      return register(network);
    },
  ],
  [
    "an agent that nobody answers",
    (network) => {
      network.backend.fault({ kind: "reset", path: agentPath, times: 3 });
      return register(network);
    },
  ],
  [
    "a request with a broken account",
    (network, record) => call(network, { ...record, account_id: "a\r\nb" }),
  ],
  [
    "a request of a foreign agent",
    (network, record) => call(network, { ...record, agent_runtime_id: "other" }),
  ],
  [
    "a request with a forgotten task, and no other to be had",
    (network, record) => {
      network.backend.fault({ kind: "status", status: 403, path: taskPath });
      return call(network, { ...record, task_id: "forgotten" });
    },
  ],
];

test.each(failures)("the error of %s holds no secret", async (_name, fail) => {
  const network = await startNetwork();
  const record = network.backend.registerAgent({ agent_private_key: vectors.key.pkcs8_version_2 });
  const error = await Promise.resolve()
    .then(() => fail(network, record))
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(Error);
  const shown = [
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null }),
    JSON.stringify(error),
    String(error),
  ].join("\n");
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
});

test("the check sees a secret that is there", () => {
  const error = new AuthError("text", { kind: "build", cause: { hidden: vectors.key.pkcs8_version_2 } });
  expect(inspect(error, { depth: 9 })).toContain(secrets[0]);
});
