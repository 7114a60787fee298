import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { RequestOutcome } from "../received-request.js";

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
  /** Resolves when the exchange is over. Never rejects. */
  readonly outcome: Promise<RequestOutcome>;
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
  readonly outcome: Promise<RequestOutcome>;
  status: number | undefined;
  /** Set before the issuer itself ends the connection. */
  isCut = false;

  constructor(incoming: IncomingMessage, response: ServerResponse, body: string) {
    const { method = "GET", url = "/", headers } = incoming;
    const [path = "/", query] = url.split("?", 2);
    this.method = method;
    this.path = path;
    this.query = new URLSearchParams(query);
    this.headers = headers;
    this.body = body;
    this.outcome = new Promise((resolve) => {
      response.once("close", () => {
        if (this.isCut) resolve("cut");
        else resolve(response.writableFinished ? "answered" : "aborted");
      });
    });
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
