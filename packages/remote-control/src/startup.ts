import type { Desired } from "./desired-state.js";
import { RemoteControlError } from "./remote-control-error.js";

/**
 * How remote control starts. `persisted`: as the store says of the account. `enabled`, `disabled`: so, until the process
 * ends, and without a change of what is stored.
 */
export type RemoteControlStartup = "disabled" | "enabled" | "persisted";

/** Variable by which a process that starts another one switches its remote control off. */
const disabledVariable = "CODEX_INTERNAL_APP_SERVER_REMOTE_CONTROL_DISABLED";

/**
 * Tells how a process has to start, by its command line and its environment. The variable
 * `CODEX_INTERNAL_APP_SERVER_REMOTE_CONTROL_DISABLED` is removed, so that no child sees it.
 *
 * @param isRequested - Whether remote control was asked for, such as by a flag.
 */
export function takeStartup(
  isRequested: boolean,
  env: Record<string, string | undefined> = process.env,
): RemoteControlStartup {
  const isDisabled = env[disabledVariable] === "1";
  delete env[disabledVariable];
  if (isRequested) return "enabled";
  return isDisabled ? "disabled" : "persisted";
}

/** What decides about the start. */
export interface StartupFacts {
  readonly startup: RemoteControlStartup;
  /** Whether managed requirements let it be. */
  readonly isAllowed: boolean;
  readonly hasStore: boolean;
}

/** @throws {@link RemoteControlError} when requirements forbid what was asked for. */
export function initialState({ startup, isAllowed, hasStore }: StartupFacts): Desired {
  if (startup === "enabled" && !isAllowed)
    throw startError("remote control is disabled by managed requirements");
  if (!isAllowed || !hasStore || startup === "disabled") return { kind: "disabled" };
  return startup === "enabled" ? { kind: "enabled", isStored: false } : { kind: "unknown" };
}

/** The error of a process that would serve nobody. */
export function nothingToServe(
  { startup, isAllowed, hasStore }: StartupFacts,
  cause?: unknown,
): RemoteControlError {
  if (!isAllowed)
    return startError("no transport configured; remote control disabled by managed requirements");
  if (startup === "enabled" && !hasStore) {
    return startError(
      "no transport configured; remote control disabled because the enrollment store is unavailable",
    );
  }
  return startError("no transport configured; use --listen or enable remote control", cause);
}

function startError(message: string, cause?: unknown): RemoteControlError {
  const facts = cause === undefined ? {} : { cause };
  return new RemoteControlError(message, { kind: "invalid_input", code: "disabled", ...facts });
}
