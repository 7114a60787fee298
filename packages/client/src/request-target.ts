import { redactUrl } from "./redaction.js";

/** What a request is aimed at. */
export interface RequestTarget {
  readonly method: string;
  readonly url: string | URL;
}

/** Names the request in messages: `POST https://host/path`. */
export function describeTarget({ method, url }: RequestTarget): string {
  return `${method} ${redactUrl(url)}`;
}
