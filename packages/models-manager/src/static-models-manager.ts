import type { AuthSource } from "@codex-ts/auth-provider";
import type { ModelInfo } from "@codex-ts/protocol";
import type { ModelsManager } from "./models-manager.js";

/** Makes a models manager over a fixed catalogue. It sends and stores nothing. */
export function createStaticModelsManager(
  _models: readonly ModelInfo[],
  _options: { readonly auth: AuthSource },
): ModelsManager {
  throw new Error("not there yet");
}
