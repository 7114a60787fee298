export { accountUpdatedSchema } from "./account-updated.js";
export { createdFileSchema, finalizedFileSchema } from "./files.js";
export { imageResponseSchema } from "./images.js";
export { memoriesResponseSchema } from "./memories.js";
export { modelInfoSchema, modelsResponseSchema } from "./model-info.js";
export { rateLimitsUpdatedSchema } from "./rate-limits-updated.js";
export {
  remoteControlClientListParamsSchema,
  remoteControlClientListSchema,
  remoteControlClientRevokeParamsSchema,
  remoteControlEnrollmentRowSchema,
  remoteControlEnrollmentSchema,
  remoteControlPairingSchema,
  remoteControlPairingStartParamsSchema,
  remoteControlPairingStatusParamsSchema,
  remoteControlPairingStatusSchema,
  remoteControlToggleParamsSchema,
} from "./remote-control.js";
export { responseItemSchema } from "./response-item.js";
export { searchResponseSchema } from "./search.js";
