import type { IncomingMessage, ServerResponse } from "node:http";
import { aborted } from "./aborted.js";
import { httpProgress } from "./answer-progress.js";
import type { BackendState } from "./backend-state.js";
import { checkCredential } from "./credential-check.js";
import { type DeliveryTarget, deliver } from "./delivery.js";
import { errorBody } from "./error-body.js";
import { type Fault, isReplacing, type ReplacingFault } from "./fault.js";
import { refuseIntake } from "./intake-fault.js";
import { RecordedRequest } from "./recorded-request.js";
import { Refusal } from "./refusal.js";
import { faultReply } from "./replacing-fault.js";
import { jsonReply, type Reply } from "./reply.js";
import { decodeBody, readBody } from "./request-body.js";
import { route } from "./routes/router.js";

/** What an exchange needs to know of its backend and its connection. */
export interface ExchangeContext {
  readonly state: BackendState;
  readonly origin: string;
  readonly socketId: number;
  /** Takes the place of one from the queue. */
  readonly fault?: Extract<Fault, ReplacingFault> | undefined;
}

/**
 * Receives one request and answers it. Never rejects.
 *
 * @returns The log's entry, at once; its `outcome` resolves when the exchange is over.
 */
export function startExchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  context: ExchangeContext,
): RecordedRequest {
  const auth = checkCredential(incoming.headers, context.state.credentialRules);
  const request = new RecordedRequest(incoming, httpProgress(response), context.socketId, auth);
  const gone = new AbortController();
  void request.outcome.then(() => gone.abort());
  const target: DeliveryTarget = { request, response, signal: gone.signal };
  void receiveAndAnswer(incoming, target, context).catch(() => {
    // Nobody is left to be told: the connection is gone, or is now.
    response.destroy();
  });
  return request;
}

async function receiveAndAnswer(
  incoming: IncomingMessage,
  target: DeliveryTarget,
  { state, origin, fault: givenFault }: ExchangeContext,
): Promise<void> {
  const { request } = target;
  const intakeFault = state.faults.take(request.path, "intake");
  if (intakeFault !== undefined) {
    await refuseIntake(incoming, intakeFault, target, () => state.log.add(request));
    return;
  }
  let refusal: Refusal | undefined;
  try {
    request.rawBody = await readBody(incoming, state.maxBodyBytes);
    request.body = request.rawBody;
    request.body = decodeBody(request.rawBody, request.headers["content-encoding"], state.maxBodyBytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusal = error;
  } finally {
    state.log.add(request);
  }
  // An upgrade that is refused for good comes before the first real request, which faults are meant for.
  const isUpgrade = request.headers.upgrade !== undefined;
  const fault = givenFault ?? (isUpgrade ? undefined : state.faults.take(request.path, "request"));
  if (fault !== undefined && isReplacing(fault)) {
    await replaceAnswer(fault, target);
    return;
  }
  const exchange = { request, state, origin, signal: target.signal };
  const reply = refusal === undefined ? await route(exchange).catch(refusalReply) : refusalReply(refusal);
  target.signal.throwIfAborted();
  await deliver(withRequestId(reply, request), fault, target);
}

async function replaceAnswer(fault: ReplacingFault, target: DeliveryTarget): Promise<void> {
  const { request, response, signal } = target;
  if (fault.kind === "stall_headers") {
    await aborted(signal);
  } else if (fault.kind === "reset") {
    request.isCut = true;
    response.socket?.resetAndDestroy();
  } else {
    await deliver(withRequestId(faultReply(fault), request), undefined, target);
  }
}

/** Turns a refusal into its answer; anything else is a failure of the test's own code, and shown as such. */
function refusalReply(error: unknown): Reply {
  if (error instanceof Refusal) {
    const { status, code, message, param, headers } = error;
    return jsonReply(status, errorBody(status, code, message, param), headers);
  }
  const message = error instanceof Error ? error.message : String(error);
  return jsonReply(500, errorBody(500, "testkit_failure", message));
}

function withRequestId(reply: Reply, { requestId }: RecordedRequest): Reply {
  return { ...reply, headers: { "x-request-id": requestId, ...reply.headers } };
}
