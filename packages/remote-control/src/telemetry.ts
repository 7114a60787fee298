import type { RemoteControlStatus } from "@codex-ts/protocol";
import type { RemoteControlError } from "./remote-control-error.js";

/** Hooks of remote control. What they throw is ignored. None of the reports holds a credential or a message. */
export interface RemoteControlTelemetry {
  /** The status has changed. */
  onStatus?(status: RemoteControlStatus): void;
  /** A try to connect has failed, and another one follows after `delayMs`. */
  onConnectFailed?(report: ConnectFailureReport): void;
  /** A connection has ended. Without an error, it was ended from here. */
  onDisconnected?(report: { readonly error: RemoteControlError | undefined }): void;
  /** Something that came in was left out. */
  onIgnored?(report: IgnoredReport): void;
}

/** A try to connect that has failed. */
export interface ConnectFailureReport {
  readonly error: RemoteControlError;
  /** 1 for the first since the last connection. */
  readonly attempt: number;
  readonly delayMs: number;
}

/** `undecodable`: it was no envelope. `part`: a part of a message that does not belong to one, or came before. */
export interface IgnoredReport {
  readonly reason: "part" | "undecodable";
  readonly bytes: number;
}

/** Calls a hook so that it can do no harm. */
export function report(call: () => void): void {
  try {
    call();
  } catch {
    // Whoever only watches must not break what it watches.
  }
}
