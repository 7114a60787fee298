import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** One request as the issuer received it, with tokens in clear. */
export interface OAuthRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as text. */
  readonly body: string;
  /** Status of the answer, undefined until it is sent and for a connection that was cut. */
  readonly status: number | undefined;
  /** Parses the body as JSON. @throws SyntaxError when it is none. */
  json(): Record<string, unknown>;
  /** Reads the body as a form. */
  form(): URLSearchParams;
}

/** The log's entry while the exchange is under way. */
export class RecordedOAuthRequest implements OAuthRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  status: number | undefined;

  constructor({ method = "GET", url = "/", headers }: IncomingMessage, body: string) {
    const [path = "/", query] = url.split("?", 2);
    this.method = method;
    this.path = path;
    this.query = new URLSearchParams(query);
    this.headers = headers;
    this.body = body;
  }

  json(): Record<string, unknown> {
    return JSON.parse(this.body) as Record<string, unknown>;
  }

  form(): URLSearchParams {
    return new URLSearchParams(this.body);
  }

  /** The parameters of the body, whichever of the two forms it has. */
  parameters(): URLSearchParams {
    if (!this.headers["content-type"]?.startsWith("application/json")) return this.form();
    const texts = Object.entries(this.json()).filter((entry): entry is [string, string] => {
      return typeof entry[1] === "string";
    });
    return new URLSearchParams(texts);
  }
}
