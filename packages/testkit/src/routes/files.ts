import type { FileEntry } from "../file-store.js";
import { Refusal } from "../refusal.js";
import { jsonReply, type Reply } from "../reply.js";
import { demandChatgpt } from "./chatgpt-credential.js";
import { jsonBody } from "./json-body.js";
import { invalidMember, textMember } from "./members.js";
import type { Route } from "./route.js";

/** `POST …/files`: announces a file and learns where its content goes. */
export const createFileRoute: Route = {
  method: "POST",
  pattern: /^\/backend-api\/files$/,
  auth: "required",
  handle({ request, state, origin }) {
    demandChatgpt(request, "Files are");
    const body = jsonBody(request);
    const { file_name: _name, file_size, use_case, ...details } = body;
    if (!Number.isSafeInteger(file_size) || (file_size as number) < 0)
      throw invalidMember("file_size", "a number of bytes");
    if (use_case !== "codex") throw invalidMember("use_case", "`codex`");
    const file = state.files.announce(textMember(body, "file_name"), file_size as number, details);
    return jsonReply(200, { file_id: file.id, upload_url: contentUrl(origin, file) });
  },
};

/** `PUT /blobs/<id>?sig=…`: takes the content in, as a blob storage does. Its URL is the only credential. */
export const uploadFileRoute: Route = {
  method: "PUT",
  pattern: /^\/blobs\/([^/]+)$/,
  auth: "own",
  handle({ request, state, params: [id] }) {
    if (request.headers.authorization !== undefined)
      throw blobRefusal(400, "InvalidAuthenticationInfo", "A signed URL takes no Authorization");
    const file = state.files.find(id);
    if (file === undefined || request.query.get("sig") !== file.signature)
      throw blobRefusal(403, "AuthenticationFailed", "The signature is not that of this blob");
    if (request.headers["x-ms-blob-type"] !== "BlockBlob")
      throw blobRefusal(400, "MissingRequiredHeader", "x-ms-blob-type must be BlockBlob");
    file.content = request.rawBody;
    return { status: 201, headers: blobHeaders, body: Buffer.alloc(0) };
  },
};

/** `GET /blobs/<id>?sig=…`: gives the content back. */
export const downloadFileRoute: Route = {
  method: "GET",
  pattern: uploadFileRoute.pattern,
  auth: "own",
  handle({ request, state, params: [id] }) {
    const file = state.files.find(id);
    if (file?.content === undefined || request.query.get("sig") !== file.signature)
      throw blobRefusal(403, "AuthenticationFailed", "The signature is not that of this blob");
    return { status: 200, headers: { ...blobHeaders, "content-type": mimeType(file) }, body: file.content };
  },
};

/** `POST …/files/<id>/uploaded`: asks whether the content was taken in. */
export const finalizeFileRoute: Route = {
  method: "POST",
  pattern: /^\/backend-api\/files\/([^/]+)\/uploaded$/,
  auth: "required",
  handle({ request, state, origin, params: [id] }): Reply {
    demandChatgpt(request, "Files are");
    jsonBody(request);
    const file = state.files.find(id);
    if (file === undefined)
      throw new Refusal("The file is not known", { status: 404, code: "file_not_found" });
    file.finalizeCount += 1;
    if (file.content === undefined) return failed("The content was not uploaded");
    if (file.content.length !== file.announcedSize)
      return failed(`The content has ${file.content.length} bytes, announced were ${file.announcedSize}`);
    if (file.finalizeCount <= state.finalizeRetries) return jsonReply(200, { status: "retry" });
    return jsonReply(200, {
      status: "success",
      download_url: contentUrl(origin, file),
      file_name: file.name,
      mime_type: mimeType(file),
    });
  },
};

const blobHeaders = { "x-ms-request-id": "blob-request-1", "x-ms-version": "2025-01-05" };

function contentUrl(origin: string, { id, signature }: FileEntry): string {
  return `${origin}/blobs/${id}?sig=${signature}`;
}

function failed(message: string): Reply {
  return jsonReply(200, { status: "error", error_message: message });
}

function mimeType({ name }: FileEntry): string {
  return /\.(?:txt|md)$/i.test(name) ? "text/plain" : "application/octet-stream";
}

function blobRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal(message, { status, code, headers: { ...blobHeaders, "x-ms-error-code": code } });
}
