/** A request that a route refuses. Caught by the router and turned into an answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, { status, code, param = null, headers = {}, ...options }: RefusalOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.param = param;
    this.headers = headers;
  }
}

/** What a refusal says beside its message. */
export interface RefusalOptions extends ErrorOptions {
  readonly status: number;
  readonly code: string;
  /** The request member at fault. */
  readonly param?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}
