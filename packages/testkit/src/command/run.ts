import { aborted } from "../aborted.js";
import { startBackend } from "../backend.js";
import { type CommandArguments, parseArguments, usage } from "./arguments.js";
import { writeAuthFile } from "./auth-file.js";
import { exchangeJson, exchangeText, type StartReport, startJson, startText } from "./report.js";

/** Where the command writes to, and what stops it. */
export interface CommandEnvironment {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The backend runs until this aborts. */
  readonly signal: AbortSignal;
}

/**
 * Runs the command until it is stopped. Never rejects.
 *
 * @returns The exit code: 0 when stopped, 1 when it could not start, 2 for wrong arguments.
 */
export async function runCommand(args: readonly string[], environment: CommandEnvironment): Promise<number> {
  const { stdout, stderr } = environment;
  let parsed: CommandArguments;
  try {
    parsed = parseArguments(args);
  } catch (error) {
    stderr(`codex-testkit: ${messageOf(error)}\n`);
    return 2;
  }
  if (parsed.wantsHelp) {
    stdout(usage);
    return 0;
  }
  try {
    await runBackend(parsed, environment);
    return 0;
  } catch (error) {
    stderr(`codex-testkit: ${messageOf(error)}\n`);
    return 1;
  }
}

async function runBackend(parsed: CommandArguments, { stdout, signal }: CommandEnvironment): Promise<void> {
  const toText = parsed.isJson ? exchangeJson : exchangeText;
  const backend = await startBackend({
    port: parsed.port,
    apiKeys: parsed.apiKeys,
    sealTaskIds: parsed.isSealed,
    webSocket: !parsed.isHttpOnly,
    onExchange: parsed.isVerbose ? (request, outcome) => stdout(toText(request, outcome)) : undefined,
  });
  try {
    if (parsed.agentOut !== undefined) {
      await writeAuthFile(parsed.agentOut, backend.registerAgent({ task_id: null }));
    }
    const report: StartReport = {
      urls: backend.urls,
      authFile: parsed.agentOut,
      apiKey: parsed.apiKeys === undefined ? "sk-test" : undefined,
    };
    stdout(parsed.isJson ? startJson(report) : startText(report));
    await aborted(signal);
  } finally {
    await backend.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
