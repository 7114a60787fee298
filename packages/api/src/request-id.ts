import { headerToken } from "./header-value.js";

/** Gives the id under which the server knows an exchange. */
export function requestIdOf(headers: Headers): string | undefined {
  return headerToken(headers, "x-request-id") ?? headerToken(headers, "x-oai-request-id");
}
