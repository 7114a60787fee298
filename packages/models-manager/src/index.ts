export { bundledModels } from "./bundled-models.js";
export { createModelsManager } from "./create-models-manager.js";
export { type ModelLimits, modelLimits } from "./model-limits.js";
export type { ModelOverrides } from "./model-overrides.js";
export type {
  ListOptions,
  ModelLookup,
  ModelPreset,
  ModelsManager,
  RefreshStrategy,
} from "./models-manager.js";
export type { ModelsManagerOptions, ModelsTelemetry } from "./options.js";
export { createStaticModelsManager, type StaticModelsOptions } from "./static-models-manager.js";
