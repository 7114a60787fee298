import type { Transport } from "@codex-ts/client";

export interface GatedTransport {
  readonly transport: Transport;
  /** Resolves when the answer has arrived and is held back. */
  readonly reached: Promise<void>;
  open(): void;
}

/** A transport that holds back the first answer from this path. */
export function gatedTransport(real: Transport, path: RegExp): GatedTransport {
  let arrive = (): void => {};
  let open = (): void => {};
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const transport: Transport = {
    async execute(request, options) {
      const answer = await real.execute(request, options);
      if (path.test(request.url)) {
        arrive();
        await opened;
      }
      return answer;
    },
    stream: (request, options) => real.stream(request, options),
    close: () => real.close(),
    [Symbol.asyncDispose]: () => real.close(),
  };
  return { transport, reached, open };
}
