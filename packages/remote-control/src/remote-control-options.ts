import type { Transport, WebSocketTransport } from "@codex-ts/client";
import type { EnrollmentStore } from "./enrollment-store.js";
import type { RemoteControlLimits } from "./limits.js";
import type { RemoteControlAuth } from "./remote-control-auth.js";
import type { RemoteControlStartup } from "./startup.js";
import type { RemoteControlTelemetry } from "./telemetry.js";

/** What remote control is started with. */
export interface RemoteControlOptions {
  readonly transport: Transport & WebSocketTransport;
  readonly auth: RemoteControlAuth;
  /** Base URL of ChatGPT, such as `https://chatgpt.com/backend-api`. */
  readonly baseUrl: string;
  /** Names this installation, the same at each start. */
  readonly installationId: string;
  /** Version of the host. */
  readonly appServerVersion: string;
  /**
   * What clients see of this machine.
   *
   * @defaultValue the host name
   */
  readonly serverName?: string | undefined;
  /**
   * Where enrolments are kept. Without one remote control cannot be enabled.
   *
   * @defaultValue none
   */
  readonly store?: EnrollmentStore | undefined;
  /** @defaultValue "persisted" */
  readonly startup?: RemoteControlStartup | undefined;
  /**
   * Whether managed requirements let remote control be (`allow_remote_control`).
   *
   * @defaultValue true
   */
  readonly isAllowed?: boolean | undefined;
  /**
   * Whether the process serves nobody else, so that there is no point in going on without remote control.
   *
   * @defaultValue false
   */
  readonly isOnlyTransport?: boolean | undefined;
  /**
   * The one client that the host itself serves, for which enrolments are kept apart. Empty for none.
   *
   * @defaultValue ""
   */
  readonly clientName?: string | undefined;
  /**
   * Whether that name is not known yet. Nothing is done then before {@link RemoteControl.setClientName}.
   *
   * @defaultValue false
   */
  readonly awaitsClientName?: boolean | undefined;
  readonly limits?: RemoteControlLimits | undefined;
  readonly telemetry?: RemoteControlTelemetry | undefined;
  /**
   * Milliseconds since the epoch.
   *
   * @defaultValue Date.now
   */
  readonly clock?: (() => number) | undefined;
  /**
   * Uniform in [0, 1).
   *
   * @defaultValue Math.random
   */
  readonly random?: (() => number) | undefined;
}

/** @throws TypeError which names the option and the expectation. */
export function checkOptions(options: RemoteControlOptions): void {
  for (const name of ["baseUrl", "installationId", "appServerVersion"] as const)
    if (typeof options[name] !== "string" || options[name].trim() === "")
      throw new TypeError(`"${name}" must be a text that is not empty`);
  const { startup = "persisted" } = options;
  if (!["disabled", "enabled", "persisted"].includes(startup))
    throw new TypeError('"startup" must be "disabled", "enabled" or "persisted"');
}
