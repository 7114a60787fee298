import { createTransport, type Transport } from "@codex-ts/client";
import { onTestFinished } from "vitest";

/** A transport of one test, closed when that is over. */
export function transportOfTest(): Transport {
  const transport = createTransport({ maxRedirects: 0 });
  onTestFinished(() => transport.close());
  return transport;
}
