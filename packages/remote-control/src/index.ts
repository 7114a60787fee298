export {
  EnrollmentFiles,
  type EnrollmentFilesOptions,
  type IgnoredFileReport,
} from "./enrollment-files.js";
export type { EnrollmentKey, EnrollmentStore, StoredEnrollment } from "./enrollment-store.js";
export type { RemoteControlLimits } from "./limits.js";
export type { ClientPage } from "./paired-clients.js";
export type { PairingCode } from "./pairing.js";
export type {
  RemoteClient,
  RemoteClientEnd,
  RemoteClientReadOptions,
  RemoteClientSendOptions,
} from "./remote-client.js";
export {
  type ListClientsOptions,
  type RemoteControl,
  type RemoteControlCallOptions,
  type StartPairingOptions,
  startRemoteControl,
  type ToggleOptions,
} from "./remote-control.js";
export type { RemoteControlAuth } from "./remote-control-auth.js";
export {
  isRemoteControlError,
  RemoteControlError,
  type RemoteControlErrorCode,
  type RemoteControlErrorKind,
  type RemoteControlErrorOptions,
} from "./remote-control-error.js";
export type { RemoteControlOptions } from "./remote-control-options.js";
export { type RemoteControlTargets, toTargets } from "./remote-control-targets.js";
export {
  answerRemoteControlCall,
  type RemoteControlCall,
  type RemoteControlMethod,
  type RemoteControlMethodFacts,
  type RemoteControlReply,
  remoteControlMethods,
} from "./rpc.js";
export { type RemoteControlStartup, takeStartup } from "./startup.js";
export type { ConnectFailureReport, IgnoredReport, RemoteControlTelemetry } from "./telemetry.js";
