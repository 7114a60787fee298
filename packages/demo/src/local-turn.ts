import {
  agentBillOfMaterials,
  agentIdentityAuth,
  generateAgentKey,
  registerAgent,
  registerTask,
} from "@codex-ts/agent-identity";
import { createTransport, Secret } from "@codex-ts/client";
import { type ReceivedRequest, startBackend } from "@codex-ts/testkit";
import type { DemoArguments } from "./arguments.js";
import { runTurn } from "./run-turn.js";
import { logAnswers } from "./wire-log.js";

const accountId = "account-demo";
const userToken = "demo-access-token";

/** Does one turn against a backend of its own, signed by an identity that is registered on the way. */
export async function runLocalTurn(
  { prompt, verbose, sealed }: DemoArguments,
  write: (text: string) => void,
): Promise<void> {
  const printWire = verbose ? (line: string) => write(`  ${line}\n`) : undefined;
  await using backend = await startBackend({
    bearerTokens: [{ token: userToken, accountId }],
    sealTaskIds: sealed,
    answer: answerWithSigner,
  });
  await using transport = createTransport({
    telemetry: printWire === undefined ? undefined : logAnswers(printWire),
  });
  const authApiBaseUrl = backend.urls.authApi;
  write(`backend        ${backend.urls.origin}, local\n`);

  const key = generateAgentKey();
  write(`key            ${key.sshPublicKey}\n`);
  const { agentRuntimeId } = await registerAgent({
    transport,
    authApiBaseUrl,
    key,
    auth: new Secret(userToken),
    abom: agentBillOfMaterials({ agentVersion: "0.0.0" }),
  });
  write(`agent          ${agentRuntimeId}\n`);
  const taskId = await registerTask({ transport, authApiBaseUrl, key, agentRuntimeId });
  write(`task           ${taskId}${sealed ? ", from a sealed box" : ""}\n\n`);

  const auth = agentIdentityAuth(
    {
      agent_runtime_id: agentRuntimeId,
      agent_private_key: key.toPkcs8Base64(),
      account_id: accountId,
      chatgpt_user_id: "user-demo",
      email: null,
      plan_type: "pro",
      chatgpt_account_is_fedramp: false,
      task_id: taskId,
    },
    { transport, authApiBaseUrl },
  );
  const provider = { name: "OpenAI", baseUrl: backend.urls.codex };
  await runTurn({ transport, provider, auth, model: "gpt-5.5", prompt, write, printWire });
  write(`signed by      ${signer(backend.requests.at(-1))}\n`);
}

/** What the backend answers: it tells whom it took the request to be from. */
function answerWithSigner(request: ReceivedRequest): { text: string; chunkDelayMs: number } {
  return {
    text: `Hello! This text comes piece by piece. Your request was signed by ${signer(request)}.`,
    chunkDelayMs: 25,
  };
}

function signer(request: ReceivedRequest | undefined): string {
  return request?.auth.kind === "agentAssertion"
    ? `agent ${request.auth.agentRuntimeId} at ${request.auth.timestamp}, verified by the backend`
    : "nobody";
}
