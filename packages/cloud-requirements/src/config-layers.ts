import type { ConfigBundle } from "@codex-ts/protocol";
import { CloudRequirementsError } from "./cloud-requirements-error.js";
import { PathTypeError, resolvePaths } from "./config-paths.js";
import {
  type FragmentSource,
  InvalidFragmentError,
  invalidFragment,
  type ParsedFragment,
  parseFragments,
} from "./fragments.js";
import { findUnknownField } from "./known-fields.js";
import type { TomlTable } from "./toml.js";

/** One fragment of managed configuration, as a layer of a configuration. */
export interface ConfigLayer {
  readonly source: FragmentSource;
  /** What the fragment sets, with absolute paths. */
  readonly config: TomlTable;
  /** The TOML as it was delivered. */
  readonly contents: string;
}

/** Settings of {@link toConfigLayers}. */
export interface ConfigLayersOptions {
  /** Where relative paths start. */
  readonly home: string;
  /**
   * Turns on strictness: fields that are not below one of these are refused. Names are joined by dots, and `*` stands
   * for any name, such as `model` or `model_providers.*.name`.
   *
   * @defaultValue any field is accepted
   */
  readonly knownFields?: readonly string[] | undefined;
}

/**
 * Makes layers of the managed configuration, as {@link CloudPolicies.configLayers}, with strictness if that is asked
 * for. The lowest priority first. They belong above the configuration of the
 * system and below that of the user.
 *
 * @throws {@link CloudRequirementsError} of code `InvalidBundle`.
 */
export async function toConfigLayers(
  bundle: ConfigBundle,
  options: ConfigLayersOptions,
): Promise<readonly ConfigLayer[]> {
  try {
    return await readConfigLayers(bundle, options);
  } catch (error) {
    if (!(error instanceof InvalidFragmentError)) throw error;
    throw invalidBundle(error);
  }
}

/** The same. @throws {@link InvalidFragmentError} */
export async function readConfigLayers(
  bundle: ConfigBundle,
  { home, knownFields }: ConfigLayersOptions,
): Promise<readonly ConfigLayer[]> {
  const fragments = await parseFragments("config", bundle.config_toml.enterprise_managed);
  // Delivered with the highest priority first.
  return fragments.map((fragment) => toLayer(fragment, home, knownFields)).reverse();
}

function invalidBundle({ message }: InvalidFragmentError): CloudRequirementsError {
  return new CloudRequirementsError(`invalid cloud config bundle: ${message}`, { code: "InvalidBundle" });
}

function toLayer(
  { source, contents, table }: ParsedFragment,
  home: string,
  knownFields: readonly string[] | undefined,
): ConfigLayer {
  const unknown = knownFields && findUnknownField(table, knownFields);
  if (unknown !== undefined) {
    throw invalidFragment("config", source, `unknown configuration field \`${unknown}\``);
  }
  try {
    resolvePaths(table, home);
  } catch (error) {
    if (error instanceof PathTypeError) throw invalidFragment("config", source, error.message);
    throw error;
  }
  return { source, config: table, contents };
}
