import type { AuthProvider } from "@codex-ts/auth-provider";
import type { PreparedBody } from "./body.js";
import type { ExchangeGuard } from "./exchange-guard.js";
import type { ExchangeSettings } from "./exchange-settings.js";
import type { HeaderFields } from "./header-fields.js";
import type { PhaseLimits } from "./phase-limits.js";
import type { RequestTarget } from "./request-target.js";
import type { RequestTelemetry } from "./telemetry.js";

/** One request of a caller's, with what its attempts share. */
export interface ExchangeState {
  readonly settings: ExchangeSettings;
  /** For messages. Its URL is a string, because a stream keeps it and a `URL` is five times as big. */
  readonly target: RequestTarget;
  /** What the caller asked for. */
  readonly url: URL;
  /** Without content headers and credential. */
  readonly headers: HeaderFields;
  readonly auth: AuthProvider;
  readonly signal: AbortSignal | undefined;
  readonly guard: ExchangeGuard;
  readonly telemetry: Required<RequestTelemetry> | undefined;
  readonly isStream: boolean;
  /** Whether default headers, cookies and trace headers go along. */
  readonly hasDefaults: boolean;
  readonly limits: PhaseLimits;
  /** Becomes plain when a compressed one is refused. */
  body: PreparedBody;
  /** Rounds of recovery from a 401 that were asked for so far. */
  recoveryRounds: number;
}
