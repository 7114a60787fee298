export type { AgentRecord } from "./agent-record.js";
export type { Answer, AnswerParts } from "./answer.js";
export type { AuthFailureCode, AuthVerdict } from "./auth-verdict.js";
export { type Backend, type BackendUrls, startBackend } from "./backend.js";
export type { BackendOptions, TaskIdField } from "./backend-options.js";
export type { AccountBackend } from "./codex/account-backend.js";
export type {
  BackendAccountEntry,
  ResetCreditEntry,
  ThreadUsageEntry,
  WorkspaceMessageEntry,
} from "./codex/backend-account.js";
export type { CloudBackend } from "./codex/cloud-backend.js";
export type {
  CloudAttempt,
  CloudEnvironmentSeed,
  CloudResult,
  CloudTask,
  CloudTaskSeed,
} from "./codex/cloud-task.js";
export type { ManagedConfig } from "./codex/managed-config.js";
export type { UsageMeter } from "./codex/usage-meter.js";
export type { ConnectorPlace, ConnectorSeed, ConnectorStore } from "./connectors/connector-store.js";
export type { BearerToken } from "./credential-check.js";
export type {
  DeliveryFault,
  Fault,
  FaultTarget,
  IntakeFault,
  ReplacingFault,
  WebSocketFault,
} from "./fault.js";
export type { StoredFile } from "./file-store.js";
export type { AgentIdentityClaims, JsonWebKeySet, JwtHeader } from "./jwt.js";
export type { CatalogueTags } from "./model-catalogue.js";
export { modelInfo } from "./models.js";
export type { IssuedTokens } from "./oauth/issuer-state.js";
export type { OAuthAccount } from "./oauth/oauth-account.js";
export type { OAuthFault } from "./oauth/oauth-fault.js";
export { type OAuthIssuer, type OAuthIssuerUrls, startOAuthIssuer } from "./oauth/oauth-issuer.js";
export type { AuthorizationDenial, OAuthIssuerOptions } from "./oauth/oauth-issuer-options.js";
export type { OAuthRequest } from "./oauth/oauth-request.js";
export type { OAuthWaitOptions } from "./oauth/oauth-request-log.js";
export type { TokenClaims } from "./oauth/token-minter.js";
export type { RefreshTokenState } from "./oauth/token-vault.js";
export type { ReceivedRequest, RequestOutcome } from "./received-request.js";
export type {
  RemoteControlBackend,
  RemotePairedClient,
  RemotePairingCode,
} from "./remote-control/remote-control-state.js";
export type { RemotePeer, RemotePeerOptions } from "./remote-control/remote-peer.js";
export type { CutPoint, RemoteConnection, RemoteServer } from "./remote-control/remote-server.js";
export type { WaitOptions } from "./request-log.js";
export type { WebSocketLog, WebSocketMessage } from "./websocket-log.js";
