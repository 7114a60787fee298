/** The body of `POST …/ps/apps/batch`. */
export interface AppsBatchRequest {
  readonly app_ids: readonly string[];
  readonly include_tools: boolean;
}

/** The answer of `POST …/ps/apps/batch`. */
export interface AppsBatchResponse {
  readonly apps: readonly BatchApp[];
}

/** An app with its tools. What the server does not say is `null`. */
export interface BatchApp {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly icon_url: string | null;
  readonly icon_dark_url: string | null;
  readonly distribution_channel: string | null;
  /** `null` when they were not asked for. */
  readonly tools: readonly BatchAppTool[] | null;
}

/** A tool of an app. */
export interface BatchAppTool {
  readonly name: string;
  readonly title: string | null;
  readonly description: string;
  readonly is_enabled: boolean | null;
  readonly disabled_reason: string | null;
  readonly is_read_only: boolean;
}
