import { setTimeout } from "node:timers/promises";
import { noRetry } from "@codex-ts/client";
import type { CreatedFile, FinalizedFile, UploadedFile } from "@codex-ts/protocol";
import { ApiError } from "./api-error.js";
import { EndpointSession } from "./endpoint-session.js";
import { uploadBlob } from "./files/blob-upload.js";
import { authRequired, fileError } from "./files/file-error.js";
import { fileRequest } from "./files/file-request.js";
import { type FileSource, type OpenFile, openSource } from "./files/file-source.js";
import { gatedAuth, mayUpload } from "./files/gated-auth.js";
import { checkedUploadUrl } from "./files/upload-url.js";
import type { FilesClientOptions, HostedTool, UploadOptions, UploadProgress } from "./files-options.js";
import { checkTimeLimit } from "./provider.js";
import { abortedError } from "./stream-error.js";

/** Uploads files for tools of Codex Apps: announces them, streams their content to the storage, and has them checked. */
export class FilesClient {
  readonly #session: EndpointSession;
  readonly #options: FilesClientOptions;

  /** @throws TypeError when a limit is none. */
  constructor(options: FilesClientOptions) {
    const { transport, provider, auth, telemetry } = options;
    checkLimits(options);
    this.#options = options;
    this.#session = new EndpointSession({
      transport,
      provider: { ...provider, retry: noRetry },
      auth: gatedAuth(auth),
      telemetry,
    });
  }

  /**
   * Uploads one file. Nothing is tried again: a file on disk can simply be uploaded once more.
   *
   * @returns The file as a hosted tool wants to be told of it.
   * @throws {@link ApiError} of kind `file` whose `code` says why, `transport`, `aborted`, or `stream` with code
   * `invalid_answer`. No error shows the URL that the content is sent to, for it carries a credential.
   */
  async upload(source: FileSource, options: UploadOptions = {}): Promise<UploadedFile> {
    await this.#demandLogin(options.signal);
    const file = await openSource(source);
    try {
      this.#checkSize(file);
      return await this.#upload(file, options);
    } finally {
      await file.close();
    }
  }

  async #demandLogin(signal: AbortSignal | undefined): Promise<void> {
    let isAllowed: boolean;
    try {
      signal?.throwIfAborted();
      isAllowed = await mayUpload(this.#options.auth, signal);
    } catch (cause) {
      if (signal?.aborted === true) throw abortedError(signal.reason, undefined);
      throw new ApiError("the login could not be read", { kind: "file", code: "auth", cause });
    }
    if (!isAllowed) throw fileError("auth_required", authRequired);
  }

  #checkSize({ label, size }: OpenFile): void {
    const { maxFileBytes = 512 * 1024 * 1024 } = this.#options;
    if (size === 0) throw fileError("file_empty", `file \`${label}\` is empty`);
    if (size > maxFileBytes)
      throw fileError(
        "file_too_large",
        `file \`${label}\` is too large: ${size} bytes exceeds the limit of ${maxFileBytes} bytes`,
      );
  }

  async #upload(file: OpenFile, { onProgress, hostedTool, signal }: UploadOptions): Promise<UploadedFile> {
    const { transport, provider, telemetry, requestTimeoutMs: timeoutMs = 60_000 } = this.#options;
    const created = await this.#create(file, hostedTool, signal);
    await uploadBlob({
      transport,
      url: checkedUploadUrl(created.upload_url, provider.baseUrl),
      file,
      timeoutMs,
      onSent: (sentBytes) => report(onProgress, { sentBytes, totalBytes: file.size }),
      signal,
      telemetry,
    });
    return this.#finalize(created.file_id, file, signal);
  }

  #create(
    { name, size }: OpenFile,
    tool: HostedTool | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CreatedFile> {
    const hosted =
      tool === undefined
        ? {}
        : {
            codex_connector_id: tool.connectorId,
            codex_action_name: tool.actionName,
            codex_model: tool.model,
          };
    return fileRequest(
      this.#session,
      {
        path: "files",
        body: { file_name: name, file_size: size, use_case: "codex", ...hosted },
        timeoutMs: this.#options.requestTimeoutMs ?? 60_000,
        signal,
      },
      ({ createdFileSchema }) => createdFileSchema,
    );
  }

  async #finalize(fileId: string, file: OpenFile, signal: AbortSignal | undefined): Promise<UploadedFile> {
    const { finalizeTimeoutMs = 30_000, finalizeIntervalMs = 250 } = this.#options;
    const startedAt = performance.now();
    for (;;) {
      const answer = await this.#askFinalized(fileId, signal);
      if (answer.status !== "retry") return toUploadedFile(fileId, file, answer);
      if (performance.now() - startedAt >= finalizeTimeoutMs)
        throw fileError("upload_not_ready", `OpenAI file upload for \`${fileId}\` is not ready yet`);
      await pause(finalizeIntervalMs, signal);
    }
  }

  #askFinalized(fileId: string, signal: AbortSignal | undefined): Promise<FinalizedFile> {
    return fileRequest(
      this.#session,
      {
        path: `files/${encodeURIComponent(fileId)}/uploaded`,
        body: {},
        timeoutMs: this.#options.requestTimeoutMs ?? 60_000,
        signal,
      },
      ({ finalizedFileSchema }) => finalizedFileSchema,
    );
  }
}

function checkLimits(options: FilesClientOptions): void {
  if (!((options.maxFileBytes ?? 0) >= 0))
    throw new TypeError('"maxFileBytes" must be a non-negative number');
  for (const name of ["requestTimeoutMs", "finalizeTimeoutMs", "finalizeIntervalMs"] as const)
    checkTimeLimit(name, options[name] ?? 0);
}

function toUploadedFile(fileId: string, file: OpenFile, answer: FinalizedFile): UploadedFile {
  const failed = (reason: string): Error =>
    fileError("upload_failed", `OpenAI file upload for \`${fileId}\` failed: ${reason}`);
  if (answer.status !== "success")
    throw failed(answer.error_message ?? "upload finalization returned an error");
  if (answer.download_url === null) throw failed("missing download_url");
  return {
    file_id: fileId,
    uri: `sediment://${fileId}`,
    download_url: answer.download_url,
    file_name: answer.file_name ?? file.name,
    file_size_bytes: answer.file_size_bytes ?? file.size,
    mime_type: answer.mime_type,
  };
}

function report(onProgress: UploadOptions["onProgress"], progress: UploadProgress): void {
  try {
    onProgress?.(progress);
  } catch {
    // Whoever watches must not be able to break the upload.
  }
}

/** Ends early when the signal fires; the next request then says that it did. */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {});
}
