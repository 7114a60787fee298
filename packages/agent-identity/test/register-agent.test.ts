import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import { Secret } from "@codex-ts/client";
import { describe, expect, test } from "vitest";
import { agentBillOfMaterials, generateAgentKey, registerAgent, registerTask } from "../src/index.js";
import { rejectionOf } from "./support/errors.js";
import { agentPath, type Network, startNetwork } from "./support/network.js";

const key = generateAgentKey();
const abom = agentBillOfMaterials({ agentVersion: "1.2.3", platform: "linux" });
const accessToken = "access-token-test";

function register(
  { transport, backend }: Network,
  options: Partial<Parameters<typeof registerAgent>[0]> = {},
): Promise<{ agentRuntimeId: string }> {
  return registerAgent({
    transport,
    authApiBaseUrl: backend.urls.authApi,
    key,
    auth: new Secret(accessToken),
    abom,
    ...options,
  });
}

describe("the request", () => {
  test("names the agent's public key and what it runs in", async () => {
    const network = await startNetwork();
    const { agentRuntimeId } = await register(network);
    const [request] = network.received(agentPath);
    expect(request?.method).toBe("POST");
    expect(request?.body.toString()).toBe(
      `{"abom":{"agent_version":"1.2.3","agent_harness_id":"codex-cli","running_location":"cli-linux"},` +
        `"agent_public_key":"${key.sshPublicKey}","capabilities":["responsesapi"],"ttl":null}`,
    );
    expect(request?.headers.authorization).toBe(`Bearer ${accessToken}`);
    expect(request?.headers).not.toHaveProperty("x-openai-fedramp");

    const { transport, backend } = network;
    const options = { transport, authApiBaseUrl: backend.urls.authApi, key, agentRuntimeId };
    expect(await registerTask(options)).toMatch(/^task-/);
  });

  test("carries the FedRAMP mark, and never an account", async () => {
    const network = await startNetwork();
    const auth: AuthProvider = {
      addAuthHeaders(headers) {
        headers.set("authorization", `Bearer ${accessToken}`);
        headers.set("ChatGPT-Account-ID", "account-test");
      },
    };
    await register(network, { auth, isFedramp: true, capabilities: ["one", "two"] });
    const [request] = network.received(agentPath);
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${accessToken}`,
      "x-openai-fedramp": "true",
    });
    expect(request?.headers).not.toHaveProperty("chatgpt-account-id");
    expect(request?.json()).toMatchObject({ capabilities: ["one", "two"] });
  });

  test("is sent once more when the provider recovers from a 401", async () => {
    const network = await startNetwork();
    network.backend.fault({ kind: "unauthorized", path: agentPath });
    let token = "expired";
    const auth: AuthProvider = {
      addAuthHeaders(headers) {
        headers.set("authorization", `Bearer ${token}`);
      },
      async recover() {
        token = accessToken;
        return true;
      },
    };
    expect((await register(network, { auth })).agentRuntimeId).toMatch(/^agent-/);
    expect(network.received(agentPath).map((request) => request.headers.authorization)).toEqual([
      "Bearer expired",
      `Bearer ${accessToken}`,
    ]);
  });

  test.each(["token\r\nx: y", "token\n", "to\u0001ken"])(
    "is not sent with a token that no header can hold: %j",
    async (token) => {
      const network = await startNetwork();
      const error = await rejectionOf(register(network, { auth: new Secret(token) }));
      expect(error.retryable).toBe(false);
      expect(network.backend.requests).toHaveLength(0);
    },
  );

  test("is not sent when the provider fails", async () => {
    const network = await startNetwork();
    const auth: AuthProvider = {
      addAuthHeaders() {
        throw new AuthError("no login", { kind: "build" });
      },
    };
    expect((await rejectionOf(register(network, { auth }))).kind).toBe("agent_registration");
    expect(network.backend.requests).toHaveLength(0);
  });
});

describe("a failure", () => {
  test("by 503, 503 is followed by success with the same key", async () => {
    const network = await startNetwork();
    network.backend.fault({ kind: "status", status: 503, path: agentPath, times: 2 });
    expect((await register(network)).agentRuntimeId).toMatch(/^agent-/);
    const bodies = network.received(agentPath).map((request) => request.body.toString());
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });

  test("is final after three attempts, with what a login needs to know", async () => {
    const network = await startNetwork();
    network.backend.fault({ kind: "status", status: 503, path: agentPath, times: 9 });
    const url = `${network.backend.urls.authApi}/v1/agent/register`;
    expect(await rejectionOf(register(network))).toMatchObject({
      message: `retryable agent identity registration failure: agent identity registration failed for ${url}`,
      kind: "agent_registration",
      retryable: true,
      status: 503,
      operation: "agent identity registration",
      attempts: 3,
    });
    expect(network.received(agentPath)).toHaveLength(3);
  });

  test("by 403 is final at once, and not retryable", async () => {
    const network = await startNetwork();
    network.backend.fault({ kind: "status", status: 403, path: agentPath, times: 9 });
    const url = `${network.backend.urls.authApi}/v1/agent/register`;
    expect(await rejectionOf(register(network))).toMatchObject({
      message: `agent identity registration failed for ${url}`,
      retryable: false,
      status: 403,
      attempts: undefined,
    });
    expect(network.received(agentPath)).toHaveLength(1);
  });

  test("to connect is retried", async () => {
    const network = await startNetwork();
    network.backend.fault({ kind: "reset", path: agentPath, times: 9 });
    const url = `${network.backend.urls.authApi}/v1/agent/register`;
    expect(await rejectionOf(register(network))).toMatchObject({
      message: `retryable agent identity registration failure: failed to send agent identity registration request to ${url}`,
      attempts: 3,
    });
  });

  test.each(["<html>", "{}", '{"agent_runtime_id":1}'])("to read the answer %s is final", async (body) => {
    const network = await startNetwork();
    network.backend.fault({ kind: "status", status: 200, body, path: agentPath });
    const url = `${network.backend.urls.authApi}/v1/agent/register`;
    expect(await rejectionOf(register(network))).toMatchObject({
      message: `failed to parse agent identity response from ${url}`,
      retryable: false,
    });
    expect(network.received(agentPath)).toHaveLength(1);
  });
});
