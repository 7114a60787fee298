import { hostname as systemHostname } from "node:os";
import { join, resolve } from "node:path";
import type { AuthSource } from "@codex-ts/auth-provider";
import { BackendClient, normalizeBaseUrl } from "@codex-ts/backend-client";
import type { Transport } from "@codex-ts/client";
import { policyEndpoints } from "./endpoints.js";
import type { LoadParts } from "./load-policies.js";
import { PolicyCache } from "./policy-cache.js";
import type { PolicyEndpointPath } from "./policy-endpoint.js";
import { type CloudRequirementsTelemetry, safeTelemetry } from "./telemetry.js";

/** Settings of {@link CloudRequirements.start}. */
export interface CloudRequirementsOptions {
  /** Carries the requests. Not closed here. */
  readonly transport: Transport;
  /**
   * The backend, such as `https://chatgpt.com/backend-api`. The login must be one of that backend, and what is cached
   * counts for that backend only.
   */
  readonly baseUrl: string;
  /** Who is signed in: decides whether there are policies, signs the requests, and keys the cache. */
  readonly auth: AuthSource;
  /** The folder of the cache, and where relative paths of managed configuration start. */
  readonly home: string;
  /** @defaultValue `cloud-config-bundle-cache.json` in `home` */
  readonly cachePath?: string | undefined;
  /**
   * Where policies are asked for. `config/requirements` is that of a backend of April 2026, with its own cache, plans and
   * times.
   *
   * @defaultValue "config/bundle"
   */
  readonly endpoint?: PolicyEndpointPath | undefined;
  /**
   * What becomes of a load that fails. `closed`: an error, so that nobody goes on without the policies. `open`: policies
   * of origin `unavailable`, which hold nothing but the error.
   *
   * @defaultValue "closed"
   */
  readonly onFailure?: "closed" | "open" | undefined;
  /** Limit for a whole load in milliseconds: login, cache, all attempts, pauses. @defaultValue 15_000 */
  readonly timeoutMs?: number | undefined;
  /** Limit for one attempt in milliseconds. @defaultValue 15_000 */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * How long after a load the policies are asked for again, in milliseconds. Infinity turns it off.
   *
   * @defaultValue 900_000; 300_000 for the endpoint `config/requirements`
   */
  readonly refreshIntervalMs?: number | undefined;
  /** The name of this host, for requirements that depend on it. @defaultValue the system's */
  readonly hostname?: string | undefined;
  /** Exact origins that credentials may go to besides ChatGPT's own over HTTPS and this machine. @defaultValue [] */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** The time in epoch milliseconds. @defaultValue `Date.now` */
  readonly clock?: (() => number) | undefined;
  /** Uniform in [0, 1), for the pauses between attempts. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Pauses between attempts. @defaultValue a timer */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  readonly telemetry?: CloudRequirementsTelemetry | undefined;
}

/** Options with their defaults. */
export interface Settings extends LoadParts {
  readonly onFailure: "closed" | "open";
  readonly refreshIntervalMs: number;
}

/** The backend that the reference's cache files are of, and do not name. */
const usualBaseUrl = "https://chatgpt.com/backend-api";

/** @throws TypeError for an option that cannot be. */
export function toSettings(options: CloudRequirementsOptions): Settings {
  const endpoint = policyEndpoints[options.endpoint ?? "config/bundle"];
  if (endpoint === undefined) throw new TypeError('"endpoint" must be config/bundle or config/requirements');
  const { transport, auth, allowedOrigins, random, sleep, clock = Date.now, onFailure = "closed" } = options;
  if (onFailure !== "closed" && onFailure !== "open")
    throw new TypeError('"onFailure" must be closed or open');
  if (typeof options.home !== "string" || options.home === "") throw new TypeError('"home" must be a folder');
  const home = resolve(options.home);
  // Refuses base URLs that no credential may go to.
  new BackendClient({ transport, auth, allowedOrigins, baseUrl: options.baseUrl });
  const { baseUrl } = normalizeBaseUrl(options.baseUrl);
  return {
    endpoint,
    transport,
    auth,
    baseUrl,
    allowedOrigins,
    random,
    sleep,
    home,
    onFailure,
    hostname: options.hostname ?? systemHostname(),
    timeoutMs: milliseconds("timeoutMs", options.timeoutMs ?? 15_000),
    attemptTimeoutMs: milliseconds("attemptTimeoutMs", options.attemptTimeoutMs ?? 15_000),
    refreshIntervalMs: milliseconds(
      "refreshIntervalMs",
      options.refreshIntervalMs ?? endpoint.refreshIntervalMs,
    ),
    telemetry: safeTelemetry(options.telemetry),
    cache: new PolicyCache({
      path: resolve(options.cachePath ?? join(home, endpoint.cache.fileName)),
      endpoint,
      baseUrl: baseUrl === usualBaseUrl ? undefined : baseUrl,
      clock,
    }),
  };
}

function milliseconds(name: string, value: number): number {
  if (typeof value === "number" && value > 0) return value;
  throw new TypeError(`"${name}" must be a positive number of milliseconds`);
}
