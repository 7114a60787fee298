import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { AnswerProgress } from "./answer-progress.js";
import type { AuthVerdict } from "./auth-verdict.js";
import type { ReceivedRequest, RequestOutcome } from "./received-request.js";

/** The request log's entry while the exchange is under way. */
export class RecordedRequest implements ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly auth: AuthVerdict;
  readonly receivedAt: number = Date.now();
  readonly localSocketId: number;
  readonly requestId: string = `req_${randomUUID().replaceAll("-", "")}`;
  readonly outcome: Promise<RequestOutcome>;
  body: Buffer = Buffer.alloc(0);
  rawBody: Buffer = Buffer.alloc(0);
  aborted = false;
  /** Set before the backend itself ends the connection. */
  isCut = false;
  readonly #progress: AnswerProgress;

  constructor(
    request: Pick<IncomingMessage, "headers" | "method" | "rawHeaders" | "url">,
    progress: AnswerProgress,
    socketId: number,
    auth: AuthVerdict,
  ) {
    // Not by URL: a path that starts with two slashes would be read as a host.
    const [path = "/", query] = (request.url ?? "/").split("?", 2);
    this.method = request.method ?? "GET";
    this.path = path;
    this.query = new URLSearchParams(query);
    this.headers = request.headers;
    this.rawHeaders = pairs(request.rawHeaders);
    this.auth = auth;
    this.localSocketId = socketId;
    this.#progress = progress;
    this.outcome = progress.closed.then(() => this.#settle());
  }

  get status(): number | undefined {
    return this.#progress.status;
  }

  json(): unknown {
    return JSON.parse(this.body.toString("utf8"));
  }

  #settle(): RequestOutcome {
    if (this.isCut) return "cut";
    if (this.#progress.isComplete) return "answered";
    this.aborted = true;
    return "aborted";
  }
}

function pairs(flat: readonly string[]): (readonly [string, string])[] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as const] : []));
}
