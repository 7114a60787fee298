import { resolve } from "node:path";
import { type FilesClient, isApiError } from "@codex-ts/api";
import { codexAppsServerName } from "@codex-ts/connectors";
import type { McpTool, McpToolInfo, UploadedFile } from "@codex-ts/protocol";
import { isMcpAppsError, McpAppsError } from "./errors.js";
import { fileParams } from "./file-params.js";
import { isJsonObject, type JsonObject } from "./json-object.js";

/** How the files of a call are found and uploaded. */
export interface FileArgumentsOptions {
  /** Checks the login for each upload; see its `auth`. */
  readonly files: Pick<FilesClient, "upload">;
  /** @defaultValue the working directory of the process */
  readonly workingDirectory?: string | undefined;
  /**
   * Asked for each absolute path before it is opened; what it refuses fails the call. A model names the paths.
   *
   * @defaultValue all may be uploaded
   */
  readonly mayUpload?: ((path: string) => boolean | Promise<boolean>) | undefined;
  /** The model that calls the tool, told to the server with each file. */
  readonly model?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Uploads the files that a call names by their paths, and puts what the server wants to know of them in their place.
 * Only parameters that a tool of Codex Apps declares are looked at, and of those only texts and lists of texts.
 *
 * @returns The arguments themselves, if there is nothing to upload.
 * @throws {@link McpAppsError} of kind `file`, `auth_required` or `aborted`. Nothing of a failed call may be sent.
 */
export async function uploadFileArguments(
  info: McpToolInfo,
  args: JsonObject | undefined,
  options: FileArgumentsOptions,
): Promise<JsonObject | undefined> {
  const params = info.server_name === codexAppsServerName ? fileParams(info.tool) : [];
  if (!isJsonObject(args) || params.length === 0) return args;
  const rewritten: Record<string, unknown> = { ...args };
  for (const name of new Set(params)) {
    if (!Object.hasOwn(args, name)) continue;
    const members = payloadMembers(info.tool, name);
    const value = args[name];
    if (typeof value === "string") {
      rewritten[name] = payload(await upload(value, `\`${name}\``, info, options), members);
    } else if (isPaths(value)) {
      const uploaded: JsonObject[] = [];
      for (const [index, path] of value.entries())
        uploaded.push(payload(await upload(path, `\`${name}[${index}]\``, info, options), members));
      rewritten[name] = uploaded;
    }
  }
  return rewritten;
}

function isPaths(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

async function upload(
  path: string,
  parameter: string,
  { tool, connector_id: connectorId }: McpToolInfo,
  { files, workingDirectory, mayUpload, model, signal }: FileArgumentsOptions,
): Promise<UploadedFile> {
  const failed = `failed to upload \`${path}\` for ${parameter}`;
  const absolute = resolve(workingDirectory ?? "", path);
  if (mayUpload !== undefined && !(await mayUpload(absolute)))
    throw new McpAppsError(`${failed}: the file may not be uploaded`, { kind: "file" });
  const hostedTool =
    connectorId === null || model === undefined ? undefined : { connectorId, actionName: tool.name, model };
  try {
    return await files.upload({ path: absolute }, { hostedTool, signal });
  } catch (error) {
    throw toUploadError(error, failed);
  }
}

function toUploadError(error: unknown, failed: string): unknown {
  const refusal = refusalIn(error);
  if (refusal !== undefined) return refusal;
  if (!isApiError(error)) return error;
  const { message, kind, code, status, requestId, cause } = error;
  if (kind === "aborted") return new McpAppsError("the call was aborted", { kind, cause });
  if (code === "auth_required") return new McpAppsError(message, { kind: code, cause: error });
  return new McpAppsError(`${failed}: ${message}`, { kind: "file", status, requestId, cause: error });
}

/** Why the login was refused, if that is what it was. */
function refusalIn(error: unknown): McpAppsError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (isMcpAppsError(cause)) return cause;
  return undefined;
}

/** The members that a closed schema has room for; all, if it does not say. */
function payloadMembers({ inputSchema }: McpTool, name: string): ReadonlySet<string> | undefined {
  const properties = inputSchema?.["properties"];
  const declared = isJsonObject(properties) ? properties[name] : undefined;
  const items = isJsonObject(declared) ? declared["items"] : undefined;
  const schema = isJsonObject(items) ? items : declared;
  if (!isJsonObject(schema) || schema["additionalProperties"] !== false) return undefined;
  return isJsonObject(schema["properties"]) ? new Set(Object.keys(schema["properties"])) : undefined;
}

function payload(file: UploadedFile, members: ReadonlySet<string> | undefined): JsonObject {
  const { download_url, file_id, mime_type, file_name, uri, file_size_bytes } = file;
  const whole = { download_url, file_id, mime_type, file_name, uri, file_size_bytes };
  if (members === undefined) return whole;
  return Object.fromEntries(Object.entries(whole).filter(([member]) => members.has(member)));
}
