import { ApiError, type FileErrorCode } from "../api-error.js";

/** Makes the error for a file that was not uploaded. */
export function fileError(code: FileErrorCode, message: string, options: ErrorOptions = {}): ApiError {
  return new ApiError(message, { ...options, kind: "file", code });
}

/** Says which modes may upload, as the reference does. */
export const authRequired = "ChatGPT auth is required to upload files for Codex Apps tools";
