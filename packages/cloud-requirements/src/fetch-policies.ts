import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { BackendClient } from "@codex-ts/backend-client";
import { noRetry, type RecoveryReport, type Transport } from "@codex-ts/client";
import type { ConfigBundle } from "@codex-ts/protocol";
import { type AttemptFailure, judgeFailure } from "./attempt-failure.js";
import { maxAttempts, pauseAfter } from "./attempts.js";
import { CloudRequirementsError, requestFailed } from "./cloud-requirements-error.js";
import type { GateParts } from "./eligible-login.js";
import { SnapshotProvider } from "./snapshot-provider.js";
import type { CloudRequirementsTelemetry, LoadTrigger } from "./telemetry.js";

/** What fetching needs. */
export interface FetchParts extends GateParts {
  readonly transport: Transport;
  readonly baseUrl: string;
  readonly allowedOrigins: readonly string[] | undefined;
  readonly timeoutMs: number;
  readonly attemptTimeoutMs: number;
  readonly telemetry: Required<CloudRequirementsTelemetry>;
}

/** One fetch. */
export interface FetchRequest {
  /** The login that the gate has let pass. */
  readonly login: AuthSnapshot;
  readonly trigger: LoadTrigger;
  readonly signal: AbortSignal;
}

/** What the backend delivered, not checked yet. */
export interface FetchedBundle {
  readonly bundle: ConfigBundle;
  /** The login that the request was signed with. */
  readonly login: AuthSnapshot;
  readonly attempt: number;
}

/**
 * Asks the backend, up to five times. A 401 that the login recovers from costs no attempt.
 *
 * @throws {@link CloudRequirementsError} of code `Auth` or `RequestFailed`; the reason of the signal.
 */
export async function fetchBundle(
  parts: FetchParts,
  { login, trigger, signal }: FetchRequest,
): Promise<FetchedBundle> {
  const { endpoint, telemetry, timeoutMs, attemptTimeoutMs } = parts;
  const provider = new SnapshotProvider(parts.auth, login);
  let attempt = 1;
  const client = createClient(parts, provider, ({ recovered }) => {
    if (recovered) telemetry.onFetchAttempt({ trigger, attempt, outcome: "unauthorized", status: 401 });
  });
  for (; ; attempt += 1) {
    try {
      const bundle = await endpoint.fetch(client, { signal, timeoutMs: attemptTimeoutMs });
      telemetry.onFetchAttempt({ trigger, attempt, outcome: "success", status: undefined });
      return { bundle, login: provider.used, attempt };
    } catch (error) {
      signal.throwIfAborted();
      const failure = judgeFailure(error, provider.isSignedOut);
      const { status } = failure;
      const outcome = status === 401 ? "unauthorized" : "error";
      telemetry.onFetchAttempt({ trigger, attempt, outcome, status });
      if (failure.kind === "auth") throw authError(parts, trigger, attempt, failure);
      // What the backend asks for is waited for, unless the load would be over by then.
      if (attempt === maxAttempts || failure.retryAfterMs >= timeoutMs) {
        throw exhaustedError(parts, trigger, attempt, failure);
      }
      await pauseAfter(attempt, parts, signal, failure.retryAfterMs);
    }
  }
}

function createClient(
  { transport, baseUrl, allowedOrigins }: FetchParts,
  auth: SnapshotProvider,
  onRecovery: (report: RecoveryReport) => void,
): BackendClient {
  return new BackendClient({
    transport,
    baseUrl,
    auth,
    allowedOrigins,
    retry: noRetry,
    telemetry: { onRecovery },
  });
}

function authError(
  { endpoint, telemetry }: FetchParts,
  trigger: LoadTrigger,
  attemptCount: number,
  { reason, status, message, cause }: AttemptFailure & { readonly kind: "auth" },
): CloudRequirementsError {
  telemetry.onFetchFinal({ trigger, outcome: "error", reason, attemptCount, status, bundleShape: "none" });
  return new CloudRequirementsError(message ?? cannotRefresh, {
    code: "Auth",
    status,
    endpoint: endpoint.path,
    cause,
  });
}

function exhaustedError(
  { endpoint, telemetry }: FetchParts,
  trigger: LoadTrigger,
  attemptCount: number,
  { status, cause }: AttemptFailure,
): CloudRequirementsError {
  const reason = "request_retry_exhausted";
  telemetry.onFetchFinal({ trigger, outcome: "error", reason, attemptCount, status, bundleShape: "none" });
  return requestFailed(endpoint, { status, cause });
}

const cannotRefresh =
  "Your authentication session could not be refreshed automatically. Please log out and sign in again.";
