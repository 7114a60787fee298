/** How calls of a tool are approved. New ways may appear. */
export type AppToolApproval = "approve" | "auto" | "prompt" | (string & {});

/** Who is asked. New ones may appear. */
export type ApprovalsReviewer = "auto_review" | "user" | (string & {});

/** The table `apps` of a configuration, as a parser of TOML gives it: an entry for each connector, and `_default`. */
export interface AppsConfig {
  readonly _default?: AppDefaultsConfig | undefined;
  readonly [connectorId: string]: AppConfig | undefined;
}

/** What counts for all apps that do not say otherwise. */
export interface AppDefaultsConfig {
  /** @defaultValue true */
  readonly enabled?: boolean | undefined;
  /** Whether tools that destroy something may be used. @defaultValue true */
  readonly destructive_enabled?: boolean | undefined;
  /** Whether tools that reach out to the world may be used. @defaultValue true */
  readonly open_world_enabled?: boolean | undefined;
  readonly approvals_reviewer?: ApprovalsReviewer | undefined;
  readonly default_tools_approval_mode?: AppToolApproval | undefined;
}

/** What is configured for one app. An app with an entry is enabled unless the entry says otherwise. */
export interface AppConfig extends AppDefaultsConfig {
  /** Whether its tools may be used, whatever they do. */
  readonly default_tools_enabled?: boolean | undefined;
  /** By name or by title. */
  readonly tools?: Readonly<Record<string, AppToolConfig>> | undefined;
}

/** What is configured for one tool. */
export interface AppToolConfig {
  readonly enabled?: boolean | undefined;
  readonly approval_mode?: AppToolApproval | undefined;
}

/** What an administrator demands, for each connector. */
export type AppsRequirements = Readonly<Record<string, AppRequirement>>;

/** What an administrator demands of one connector. */
export interface AppRequirement {
  /** False forbids it. True demands nothing. */
  readonly enabled?: boolean | undefined;
  /** By name; a title does not count here. */
  readonly tools?: Readonly<Record<string, Pick<AppToolConfig, "approval_mode">>> | undefined;
}
