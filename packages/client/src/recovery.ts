import type { AuthRejection } from "@codex-ts/auth-provider";
import { toRecoveryError } from "./credential.js";
import type { ExchangeState } from "./exchange-state.js";
import type { FailedAnswer } from "./failed-answer.js";

const maxRounds = 3;

/** What recovery needs to know of an exchange, and where it counts its rounds. */
export type RecoverableExchange = Pick<
  ExchangeState,
  "auth" | "guard" | "recoveryRounds" | "settings" | "signal" | "target" | "telemetry"
>;

/** Where the refused request went to. */
interface RefusedRequest {
  readonly url: URL;
  /** Whether it carried the credential. */
  readonly isTrusted: boolean;
}

/**
 * Asks the provider after a 401 whether to send the request once more. If so, the connections to that origin are
 * not used again: a server may have bound the refused credential to them.
 *
 * @throws {@link TransportError} when the provider fails.
 */
export async function recover(
  state: RecoverableExchange,
  hop: RefusedRequest,
  failure: FailedAnswer,
  attempt: number,
): Promise<boolean> {
  const { auth, signal } = state;
  if (failure.status !== 401 || !hop.isTrusted || auth.recover === undefined) return false;
  if (state.recoveryRounds >= maxRounds) return false;
  const round = state.recoveryRounds;
  state.recoveryRounds += 1;
  const recovered = await askProvider(state, {
    round,
    status: failure.status,
    headers: failure.headers,
    body: failure.body ?? "",
    ...(signal === undefined ? {} : { signal }),
  });
  state.telemetry?.onRecovery({ attempt, round, recovered });
  if (recovered) state.settings.routes.retire(hop.url);
  return recovered;
}

async function askProvider(
  { auth, guard, target }: RecoverableExchange,
  rejection: AuthRejection,
): Promise<boolean> {
  try {
    return (await guard.race(Promise.resolve(auth.recover?.(rejection)))) === true;
  } catch (error) {
    throw toRecoveryError(target, error);
  }
}
