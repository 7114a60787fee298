import type { CodexAppsHttpOptions } from "./codex-apps-fetch.js";
import type { FileArgumentsOptions } from "./file-arguments.js";
import type { ModelToolsOptions } from "./model-tools.js";
import type { CodexAppsServer } from "./server.js";

/** How `connectCodexApps` connects, and how it shows tools. */
export interface ConnectCodexAppsOptions
  extends Omit<CodexAppsHttpOptions, "server">,
    Pick<FileArgumentsOptions, "mayUpload" | "workingDirectory">,
    Pick<ModelToolsOptions, "mcpPrefix" | "plugins"> {
  /** @defaultValue `codexAppsServer()`, that of ChatGPT itself */
  readonly server?: CodexAppsServer | undefined;
  /**
   * The folder below which tools are cached, in `cache/`, as the Codex CLI does.
   *
   * @defaultValue none: they are cached in memory only
   */
  readonly codexHome?: string | undefined;
  /** Told what goes wrong when a cache file is written. Nothing else depends on it. */
  readonly onCacheError?: ((error: unknown) => void) | undefined;
  /** Called when the server says that its tools have changed. `refreshTools` gets them. */
  readonly onToolsChanged?: (() => void) | undefined;
  /** Ends the attempt, not the connection. */
  readonly signal?: AbortSignal | undefined;
}

/** What any call may say. */
export interface CodexAppsCallOptions {
  /** Ends the call at once, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** What a call of a tool may say. */
export interface CallToolOptions extends CodexAppsCallOptions {
  /** Told to the server. @defaultValue a new one */
  readonly callId?: string | undefined;
  /** The model that calls the tool, told to the server with each file. */
  readonly model?: string | undefined;
}
