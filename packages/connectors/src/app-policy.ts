import type { AppInfo } from "@codex-ts/protocol";
import { codexAppsServerName } from "./accessible.js";
import type {
  AppConfig,
  AppRequirement,
  ApprovalsReviewer,
  AppsConfig,
  AppsRequirements,
  AppToolApproval,
  AppToolConfig,
} from "./app-config.js";

/** What {@link AppPolicy} goes by. */
export interface AppPolicyOptions {
  /** The user's own. */
  readonly config?: AppsConfig | undefined;
  /** The administrator's. */
  readonly requirements?: AppsRequirements | undefined;
  /** The reviewers that the administrator allows. Default: any. */
  readonly allowedApprovalsReviewers?: readonly ApprovalsReviewer[] | undefined;
}

/** A tool of a connector. */
export interface AppTool {
  readonly connectorId?: string | null | undefined;
  /** As its server names it. */
  readonly name: string;
  readonly title?: string | null | undefined;
  /** Whether it says that it destroys something. Silence counts as yes. */
  readonly destructiveHint?: boolean | null | undefined;
  /** Whether it says that it reaches out to the world. Silence counts as yes. */
  readonly openWorldHint?: boolean | null | undefined;
}

/** Whether a tool may be used, and how calls are approved. */
export interface AppToolPolicy {
  readonly enabled: boolean;
  readonly approval: AppToolApproval;
}

/** A call of a tool of any MCP server. */
export interface ReviewedCall {
  readonly serverName: string;
  readonly connectorId?: string | null | undefined;
  /** Who is asked where apps say nothing. */
  readonly fallback: ApprovalsReviewer;
}

/** Decides about apps and their tools by what the user has configured and the administrator demands. One is good for any number. */
export class AppPolicy {
  readonly #config: AppsConfig;
  readonly #requirements: AppsRequirements;
  readonly #allowedReviewers: readonly ApprovalsReviewer[] | undefined;

  constructor({ config = {}, requirements = {}, allowedApprovalsReviewers }: AppPolicyOptions) {
    this.#config = config;
    this.#requirements = requirements;
    this.#allowedReviewers = allowedApprovalsReviewers;
  }

  /** Tells whether an app may be used; one that nothing is configured for may. */
  isAppEnabled(connectorId: string | null | undefined): boolean {
    if (this.#requirement(connectorId)?.enabled === false) return false;
    return (this.#app(connectorId) ?? this.#config._default)?.enabled ?? true;
  }

  /** Gives the same connectors with `isEnabled` as decided; those that nothing is configured for keep theirs. */
  applyEnabledState(connectors: Iterable<AppInfo>): readonly AppInfo[] {
    return [...connectors].map((connector) => {
      const { id } = connector;
      const isDecided =
        this.#config._default !== undefined ||
        this.#app(id) !== undefined ||
        this.#requirement(id)?.enabled === false;
      return isDecided ? { ...connector, isEnabled: this.isAppEnabled(id) } : connector;
    });
  }

  /** Decides about a tool. */
  toolPolicy(tool: AppTool): AppToolPolicy {
    return { enabled: this.#isToolEnabled(tool), approval: this.#approval(tool) };
  }

  /** Tells who is asked about a call: of tools that belong to connectors the apps decide, if the administrator allows it. */
  approvalsReviewer({ serverName, connectorId, fallback }: ReviewedCall): ApprovalsReviewer {
    if (serverName !== codexAppsServerName) return fallback;
    const reviewer =
      this.#app(connectorId)?.approvals_reviewer ?? this.#config._default?.approvals_reviewer ?? fallback;
    return this.#allowedReviewers?.includes(reviewer) === false ? fallback : reviewer;
  }

  #isToolEnabled(tool: AppTool): boolean {
    const { connectorId, destructiveHint, openWorldHint } = tool;
    if (!this.isAppEnabled(connectorId)) return false;
    const app = this.#app(connectorId);
    const decided = toolConfig(app, tool)?.enabled ?? app?.default_tools_enabled;
    if (decided !== undefined) return decided;
    const { _default: defaults } = this.#config;
    const destructiveEnabled = app?.destructive_enabled ?? defaults?.destructive_enabled ?? true;
    const openWorldEnabled = app?.open_world_enabled ?? defaults?.open_world_enabled ?? true;
    return (destructiveEnabled || destructiveHint === false) && (openWorldEnabled || openWorldHint === false);
  }

  #approval(tool: AppTool): AppToolApproval {
    const { connectorId, name } = tool;
    // Without a connector not even the defaults count.
    if (connectorId === undefined || connectorId === null) return "auto";
    const app = this.#app(connectorId);
    return (
      entryOf(this.#requirement(connectorId)?.tools, name)?.approval_mode ??
      toolConfig(app, tool)?.approval_mode ??
      app?.default_tools_approval_mode ??
      this.#config._default?.default_tools_approval_mode ??
      "auto"
    );
  }

  #app(connectorId: string | null | undefined): AppConfig | undefined {
    return connectorId === "_default" ? undefined : entryOf(this.#config, connectorId);
  }

  #requirement(connectorId: string | null | undefined): AppRequirement | undefined {
    return entryOf(this.#requirements, connectorId);
  }
}

function toolConfig(app: AppConfig | undefined, { name, title }: AppTool): AppToolConfig | undefined {
  return entryOf(app?.tools, name) ?? entryOf(app?.tools, title);
}

// An id may be the name of anything that objects inherit.
function entryOf<Entry>(
  entries: Readonly<Record<string, Entry>> | undefined,
  name: string | null | undefined,
): Entry | undefined {
  if (entries === undefined || name === undefined || name === null) return undefined;
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
