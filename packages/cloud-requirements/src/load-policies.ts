import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { ConfigBundle } from "@codex-ts/protocol";
import { bundleShape } from "./bundle-shape.js";
import type { CacheReading } from "./cache-reading.js";
import { type CloudPolicies, noPolicies, readPolicies } from "./cloud-policies.js";
import { CloudRequirementsError } from "./cloud-requirements-error.js";
import { ownerOf } from "./eligible-login.js";
import { type FetchedBundle, type FetchParts, type FetchRequest, fetchBundle } from "./fetch-policies.js";
import { InvalidFragmentError } from "./fragments.js";
import type { PolicyCache } from "./policy-cache.js";
import type { LoadTrigger } from "./telemetry.js";

/** What loading needs. */
export interface LoadParts extends FetchParts {
  readonly cache: PolicyCache;
  /** Where relative paths start. */
  readonly home: string;
  readonly hostname: string;
}

/** Policies, and whose they are. */
export interface OwnedPolicies {
  readonly policies: CloudPolicies;
  /** By {@link ownerOf}. */
  readonly owner: string;
}

/**
 * Loads the policies of a login: from the cache at the start, else from the backend.
 *
 * @throws {@link CloudRequirementsError} of code `Auth`, `RequestFailed`, `InvalidBundle` or `Parse`; the reason of the
 * signal.
 */
export async function loadPolicies(parts: LoadParts, request: FetchRequest): Promise<OwnedPolicies> {
  const { login, trigger, signal } = request;
  const cached = trigger === "startup" ? await loadCached(parts, login) : undefined;
  if (cached?.policies !== undefined) return { policies: cached.policies, owner: ownerOf(login) };
  signal.throwIfAborted();
  return await loadFresh(parts, request, cached?.reading);
}

interface CachedLoad {
  readonly reading: CacheReading;
  readonly policies: CloudPolicies | undefined;
}

async function loadCached(parts: LoadParts, login: AuthSnapshot): Promise<CachedLoad> {
  const { cache, endpoint, telemetry } = parts;
  const { reading, bundle } = await cache.load(login.account);
  const result = bundle === undefined ? undefined : await tryRead(parts, bundle);
  const told = result instanceof InvalidFragmentError ? cache.invalidBundle() : reading;
  telemetry.onCacheRead(told);
  if (result === undefined) return { reading: told, policies: undefined };
  const facts = { origin: "cache", cache: told } as const;
  if (!(result instanceof InvalidFragmentError))
    return { reading: told, policies: { ...noPolicies, ...facts, ...result } };
  const policies = endpoint.cache.refetchesInvalid ? undefined : { ...noPolicies, ...facts };
  return { reading: told, policies };
}

async function tryRead(
  parts: LoadParts,
  bundle: ConfigBundle,
): Promise<Awaited<ReturnType<typeof readPolicies>> | InvalidFragmentError> {
  try {
    return await readPolicies(bundle, parts);
  } catch (error) {
    if (error instanceof InvalidFragmentError) return error;
    throw error;
  }
}

async function loadFresh(
  parts: LoadParts,
  request: FetchRequest,
  cache: CacheReading | undefined,
): Promise<OwnedPolicies> {
  const { trigger, signal } = request;
  const fetched = await fetchBundle(parts, request);
  const result = await tryRead(parts, fetched.bundle);
  if (result instanceof InvalidFragmentError) {
    reportFinal(parts, trigger, fetched, "invalid_bundle");
    const { invalid, path } = parts.endpoint;
    throw new CloudRequirementsError(`${invalid.prefix}${result.message}`, {
      code: invalid.code,
      endpoint: path,
    });
  }
  // Who has given up or closed must not find the file changed later.
  signal.throwIfAborted();
  await save(parts, fetched);
  reportFinal(parts, trigger, fetched, "none");
  const policies: CloudPolicies = { ...noPolicies, origin: "backend", cache, ...result };
  // A recovery from a 401 may have brought another login.
  return { policies, owner: ownerOf(fetched.login) };
}

async function save({ cache, telemetry }: LoadParts, { login, bundle }: FetchedBundle): Promise<void> {
  try {
    await cache.save(login.account, bundle);
  } catch (error) {
    telemetry.onCacheWriteFailure({ path: cache.path, error });
  }
}

function reportFinal(
  { telemetry }: LoadParts,
  trigger: LoadTrigger,
  { attempt, bundle }: FetchedBundle,
  reason: "invalid_bundle" | "none",
): void {
  const isValid = reason === "none";
  telemetry.onFetchFinal({
    trigger,
    outcome: isValid ? "success" : "error",
    reason,
    attemptCount: attempt,
    status: undefined,
    bundleShape: bundleShape(isValid ? bundle : undefined),
  });
}
