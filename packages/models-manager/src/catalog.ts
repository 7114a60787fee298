import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { ModelInfo } from "@codex-ts/protocol";
import type { ModelPreset } from "./models-manager.js";

/**
 * Puts a provider's list and the known models together. For the login of a human's ChatGPT account the list stands
 * alone, if it offers anything; else its models replace and extend the known ones. None of its models is ever lost.
 */
export function mergeModels(
  bundled: readonly ModelInfo[],
  remote: readonly ModelInfo[],
  mode: AuthSnapshot["mode"] | undefined,
): readonly ModelInfo[] {
  const isOffering = remote.some(({ visibility }) => visibility === "list");
  if (isOffering && mode !== undefined && humanModes.has(mode)) return remote;
  return [...new Map([...bundled, ...remote].map((model) => [model.slug, model])).values()];
}

/** Lists what a login may choose from, in the order of priority. */
export function toPresets(
  models: readonly ModelInfo[],
  login: AuthSnapshot | undefined,
): readonly ModelPreset[] {
  const usable = models
    .filter((model) => model.supported_in_api || login?.usesCodexBackend === true)
    .toSorted((one, other) => one.priority - other.priority);
  const chosen = usable.find(isListed) ?? usable[0];
  return usable.map((model) => ({
    model,
    isDefault: model === chosen,
    showInPicker: isListed(model),
  }));
}

/** Names the model to use when nobody chooses; empty when there is none. */
export function defaultSlug(presets: readonly ModelPreset[]): string {
  return presets.find(({ isDefault }) => isDefault)?.model.slug ?? "";
}

function isListed({ visibility }: ModelInfo): boolean {
  return visibility === "list";
}

const humanModes: ReadonlySet<string> = new Set<AuthSnapshot["mode"]>([
  "chatgpt",
  "chatgptAuthTokens",
  "personalAccessToken",
]);
