import type { CompressionSettings } from "./body.js";
import type { ExchangeGuard } from "./exchange-guard.js";
import type { HeaderFields } from "./header-fields.js";
import type { PhaseLimits } from "./phase-limits.js";
import type { Routes } from "./routes.js";
import type { RequestTelemetry } from "./telemetry.js";

/** What a transport gives to each of its exchanges. */
export interface ExchangeSettings {
  readonly routes: Routes;
  /** Exchanges under way. */
  readonly guards: Set<ExchangeGuard>;
  /** Origins that refused a compressed body. */
  readonly plainOrigins: Set<string>;
  readonly defaultHeaders: HeaderFields;
  readonly compression: CompressionSettings | undefined;
  readonly cookies: CookieSource | undefined;
  readonly trace: (() => Iterable<readonly [string, string]>) | undefined;
  readonly telemetry: RequestTelemetry | undefined;
  /** Unless the exchange sets others. */
  readonly limits: { readonly unary: PhaseLimits; readonly stream: PhaseLimits };
  readonly bodyTimeoutMs: number;
  readonly maxRedirects: number;
  readonly maxResponseBytes: number;
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly sleep: ((milliseconds: number) => Promise<void>) | undefined;
}

/** Cookies that outlive an exchange. */
export interface CookieSource {
  headerFor(url: URL): string | undefined;
  store(url: URL, setCookie: readonly string[]): void;
}
