export { accountUpdatedSchema } from "./account-updated.js";
export { modelInfoSchema, modelsResponseSchema } from "./model-info.js";
export { rateLimitsUpdatedSchema } from "./rate-limits-updated.js";
export { responseItemSchema } from "./response-item.js";
