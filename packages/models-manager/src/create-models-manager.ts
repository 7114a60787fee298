import type { ModelsManager } from "./models-manager.js";
import type { ModelsManagerOptions } from "./options.js";

/**
 * Makes a models manager that asks the provider.
 *
 * @throws TypeError for an option that cannot be.
 */
export function createModelsManager(_options: ModelsManagerOptions): ModelsManager {
  throw new Error("not there yet");
}
