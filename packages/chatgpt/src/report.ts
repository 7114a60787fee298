import type { ChatgptTelemetry } from "./options.js";

/** Calls a hook. What it throws is its own affair: no call fails because somebody watches. */
export function report(hooks: ChatgptTelemetry | undefined, call: (hooks: ChatgptTelemetry) => void): void {
  if (hooks === undefined) return;
  try {
    call(hooks);
  } catch {
    // Nobody is there to be told.
  }
}
