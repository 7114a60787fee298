import type { ConfigBundle } from "@codex-ts/protocol";
import type { CacheReading } from "./cache-reading.js";
import type { CloudRequirementsError } from "./cloud-requirements-error.js";
import { type ComposedRequirements, composeRequirements } from "./compose-requirements.js";
import { type ConfigLayer, readConfigLayers } from "./config-layers.js";

/** What a workspace prescribes to the one who is signed in. */
export interface CloudPolicies {
  /**
   * Where they come from. `none`: nobody is signed in, or not to a workspace that can prescribe anything. `unavailable`:
   * they could not be had, and the caller wanted to go on without them.
   */
  readonly origin: "backend" | "cache" | "none" | "unavailable";
  /** The fragments as they were delivered. Nothing when nothing is prescribed. */
  readonly bundle: ConfigBundle | undefined;
  /** Managed configuration, the lowest priority first: above the system's configuration and below the user's. */
  readonly configLayers: readonly ConfigLayer[];
  /** What is allowed. Nothing when nothing is restricted. */
  readonly requirements: ComposedRequirements | undefined;
  /** What became of the look into the cache, when there was one. Says why the cache was not used. */
  readonly cache: CacheReading | undefined;
  /** Why they are `unavailable`. */
  readonly error: CloudRequirementsError | undefined;
}

/** Settings of {@link readPolicies}. */
export interface ReadPoliciesOptions {
  readonly home: string;
  readonly hostname: string;
}

/** No policies at all. */
export const noPolicies: CloudPolicies = {
  origin: "none",
  bundle: undefined,
  configLayers: [],
  requirements: undefined,
  cache: undefined,
  error: undefined,
};

/** Reads what is in a bundle. @throws {@link InvalidFragmentError} */
export async function readPolicies(
  bundle: ConfigBundle,
  { home, hostname }: ReadPoliciesOptions,
): Promise<Pick<CloudPolicies, "bundle" | "configLayers" | "requirements">> {
  const configLayers = await readConfigLayers(bundle, { home });
  const requirements = await composeRequirements(bundle, hostname);
  const isEmpty = configLayers.length === 0 && requirements === undefined;
  return { bundle: isEmpty ? undefined : bundle, configLayers, requirements };
}
