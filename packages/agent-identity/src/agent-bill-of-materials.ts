import { type SessionSource, sessionSourceText } from "@codex-ts/protocol";

/** What an agent tells about itself when it registers. Wire names. */
export interface AgentBillOfMaterials {
  /** Version of the program. */
  readonly agent_version: string;
  /** `codex-app` in an editor, `codex-cli` everywhere else. */
  readonly agent_harness_id: string;
  /** Session source and operating system, such as `cli-linux`. */
  readonly running_location: string;
}

/** Facts that {@link agentBillOfMaterials} works from. */
export interface AgentBillOfMaterialsOptions {
  readonly agentVersion: string;
  /** @defaultValue "cli" */
  readonly sessionSource?: SessionSource | undefined;
  /** Operating system as Node names it. @defaultValue process.platform */
  readonly platform?: NodeJS.Platform | undefined;
}

/** Describes the running program the way agent registration expects it. */
export function agentBillOfMaterials(options: AgentBillOfMaterialsOptions): AgentBillOfMaterials {
  const { agentVersion, sessionSource = "cli", platform = process.platform } = options;
  return {
    agent_version: agentVersion,
    agent_harness_id: sessionSource === "vscode" ? "codex-app" : "codex-cli",
    running_location: `${sessionSourceText(sessionSource)}-${rustNames.get(platform) ?? platform}`,
  };
}

// The registry was filled by Rust programs, which name these three systems differently.
const rustNames: ReadonlyMap<NodeJS.Platform, string> = new Map([
  ["darwin", "macos"],
  ["sunos", "solaris"],
  ["win32", "windows"],
]);
