import type { AuthSource } from "@codex-ts/auth-provider";
import type { RequestTelemetry, Transport } from "@codex-ts/client";
import type { Provider } from "./provider.js";

/** What a files client is made from. Time limits are milliseconds. */
export interface FilesClientOptions {
  /** Carries the requests. Not closed by the client; one serves a whole process. */
  readonly transport: Transport;
  /** Its `baseUrl` is that of ChatGPT, such as `https://chatgpt.com/backend-api`. Its retries are not used. */
  readonly provider: Provider;
  /** Asked for each request, because only logins that use the Codex backend may upload. */
  readonly auth: AuthSource;
  readonly telemetry?: RequestTelemetry | undefined;
  /**
   * Largest file in bytes.
   *
   * @defaultValue 536_870_912 (512 MiB), which is what the server accepts
   */
  readonly maxFileBytes?: number | undefined;
  /**
   * Limit for each of the requests, the one with the content included.
   *
   * @defaultValue 60_000
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * How long the server may take the content in, from the first time it is asked.
   *
   * @defaultValue 30_000
   */
  readonly finalizeTimeoutMs?: number | undefined;
  /**
   * Pause before the server is asked again.
   *
   * @defaultValue 250
   */
  readonly finalizeIntervalMs?: number | undefined;
}

/** How far an upload is. */
export interface UploadProgress {
  /** Bytes that the socket has taken; all of them only when the storage has confirmed them. */
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** What an upload may say. */
export interface UploadOptions {
  /** Called as the content goes out, at most once for each 64 KiB. Must be quick; what it throws is ignored. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** The hosted tool that the file is for. */
  readonly hostedTool?: HostedTool | undefined;
  /** Ends the upload at once, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** A tool that runs at the server's side. */
export interface HostedTool {
  readonly connectorId: string;
  readonly actionName: string;
  /** The model that calls it. */
  readonly model: string;
}
