import type { Backend } from "@codex-ts/testkit";

/** Has the next request answered with this JSON and status 200, whatever it asks for. */
export function answerWith(backend: Backend, value: unknown): void {
  backend.fault({ kind: "status", path: /./, status: 200, body: JSON.stringify(value) });
}
