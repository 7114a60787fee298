import { isIP } from "node:net";
import { fileError } from "./file-error.js";

/**
 * Checks the place that the server names for the content of a file: HTTPS, or plain HTTP if that is how the server
 * itself is reached, or on this machine.
 *
 * @param baseUrl - How the server is reached.
 * @throws {@link ApiError} of kind `file`, code `upload_url_refused`. The URL is not shown, for it is a credential.
 */
export function checkedUploadUrl(uploadUrl: string, baseUrl: string): URL {
  const url = URL.canParse(uploadUrl) ? new URL(uploadUrl) : undefined;
  if (url === undefined) throw refused("it is no URL");
  if (url.username !== "" || url.password !== "") throw refused("it holds a user name or password");
  if (url.protocol === "https:" || isPlainAllowed(url, baseUrl)) return url;
  throw refused("a file is sent over HTTPS only");
}

function isPlainAllowed({ protocol, origin, hostname }: URL, baseUrl: string): boolean {
  if (protocol !== "http:") return false;
  return isLoopback(hostname) || (URL.canParse(baseUrl) && origin === new URL(baseUrl).origin);
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIP(hostname) === 4 && hostname.startsWith("127."))
  );
}

function refused(reason: string): Error {
  return fileError("upload_url_refused", `the server's upload URL was refused: ${reason}`);
}
