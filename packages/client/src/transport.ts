import type { ExchangeOptions, TransportRequest } from "./request.js";
import type { TransportResponse, TransportStream } from "./response.js";

/** Sends requests. One transport serves a whole process: it pools connections and is safe to share. */
export interface Transport extends AsyncDisposable {
  /**
   * Sends one request and reads the whole answer.
   *
   * Headers are asked of `auth` again before each attempt, so a retry never repeats a signature.
   *
   * @returns The answer, if its status is 200–299.
   * @throws {@link TransportError} whose `kind` says why; `status` is set if the server answered.
   */
  execute(request: TransportRequest, options?: ExchangeOptions): Promise<TransportResponse>;
  /**
   * Sends one request and returns when the head of the answer has arrived.
   *
   * Retries and recovery happen before that; a body that fails later is the reader's to handle.
   *
   * @throws {@link TransportError} as {@link Transport.execute}.
   */
  stream(request: TransportRequest, options?: ExchangeOptions): Promise<TransportStream>;
  /** Ends all exchanges and closes all connections. Further requests are refused with kind `build`. */
  close(): Promise<void>;
}
