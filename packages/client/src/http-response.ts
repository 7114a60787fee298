import { toHeaders } from "./answer-headers.js";
import type { AnswerHeaders } from "./answer-receiver.js";
import type { TransportResponse, TransportStream } from "./response.js";

/** A body that is still to come. */
export interface OpenBody extends AsyncIterable<Uint8Array> {
  cancel(): void;
}

/** Makes the `Headers` object only when somebody looks at it, because it costs more than the rest. */
class Head {
  readonly status: number;
  readonly url: string;
  readonly #answerHeaders: AnswerHeaders;
  #headers: Headers | undefined;

  constructor(status: number, headers: AnswerHeaders, url: string) {
    this.status = status;
    this.url = url;
    this.#answerHeaders = headers;
  }

  get headers(): Headers {
    this.#headers ??= toHeaders(this.#answerHeaders);
    return this.#headers;
  }
}

const utf8 = new TextDecoder();

/** What `execute` returns. */
export class HttpResponse extends Head implements TransportResponse {
  readonly body: Uint8Array;

  constructor(status: number, headers: AnswerHeaders, url: string, body: Uint8Array) {
    super(status, headers, url);
    this.body = body;
  }

  text(): string {
    return utf8.decode(this.body);
  }
}

/** What `stream` returns. */
export class HttpStream extends Head implements TransportStream {
  readonly body: OpenBody;

  constructor(status: number, headers: AnswerHeaders, url: string, body: OpenBody) {
    super(status, headers, url);
    this.body = body;
  }

  cancel(): void {
    this.body.cancel();
  }
}
