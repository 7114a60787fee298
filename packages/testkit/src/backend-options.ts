import type { Answer } from "./answer.js";
import type { BearerToken } from "./credential-check.js";
import type { ReceivedRequest, RequestOutcome } from "./received-request.js";

/** The member in which a registered task's id is returned. */
export type TaskIdField = "task_id" | "taskId" | "encrypted_task_id" | "encryptedTaskId";

/** Settings of {@link startBackend}. */
export interface BackendOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default `["sk-test"]`. */
  readonly apiKeys?: readonly string[] | undefined;
  /** ChatGPT access tokens. Default: `access-token-test` of account `account-test`. */
  readonly bearerTokens?: readonly (string | BearerToken)[] | undefined;
  /** Whether a request without a valid credential is answered 401. Default true; false accepts all. */
  readonly requireAuth?: boolean | undefined;
  /** Returns new task ids sealed for the agent's key. Default false. */
  readonly sealTaskIds?: boolean | undefined;
  /** Default `task_id`, or `encrypted_task_id` with `sealTaskIds`; an encrypted one implies sealing. */
  readonly taskIdField?: TaskIdField | undefined;
  /** The time against which signatures are judged, epoch milliseconds. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** The largest difference between a signed timestamp and `clock`. Default 300,000. */
  readonly maxClockSkewMs?: number | undefined;
  /** The largest body that is taken in, before and after decompression, in bytes. Default 128 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** How often each uploaded file is said to be still on its way. Default 0: the first question is answered `success`. */
  readonly finalizeRetries?: number | undefined;
  /** The catalogue that `/models` answers; see {@link modelInfo}. */
  readonly models?: readonly object[] | undefined;
  /** Headers of each answer of `/responses`, in place of the usual rate limits; `{}` for none. */
  readonly rateLimitHeaders?: Readonly<Record<string, string>> | undefined;
  /** Used while no scripted answer is left. Default: the last user text comes back. */
  readonly answer?: Answer | undefined;
  /**
   * Whether `GET …/responses` can be upgraded to a WebSocket. Default true; false answers 426, upon which clients go on
   * over HTTP.
   */
  readonly webSocket?: boolean | undefined;
  /** Whether a WebSocket compresses messages if the client offers it. Default true. */
  readonly webSocketCompression?: boolean | undefined;
  /** Headers of the answer to an upgrade, in addition to the usual ones or in place of same-named ones (lower case). */
  readonly webSocketHeaders?: Readonly<Record<string, string>> | undefined;
  /** Called when an exchange is over, however it ended. */
  readonly onExchange?: ((request: ReceivedRequest, outcome: RequestOutcome) => void) | undefined;
}
