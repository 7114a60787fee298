import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface CommandArguments {
  readonly port: number;
  /** Undefined: the default key. */
  readonly apiKeys: readonly string[] | undefined;
  /** Where to write an auth.json with a fresh agent identity. */
  readonly agentOut: string | undefined;
  readonly isSealed: boolean;
  /** Whether a WebSocket is refused. */
  readonly isHttpOnly: boolean;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
  readonly wantsHelp: boolean;
}

export const usage = `codex-testkit [options]

Runs a local Codex backend until it is interrupted.

  --port N          port to listen on (default: any free one)
  --api-key KEY     an API key to accept, may be repeated (default: sk-test)
  --agent-out FILE  write an auth.json with a fresh agent identity, mode 0600
  --sealed          return task ids sealed for the agent's key
  --http-only       answer 426 to the upgrade to a WebSocket
  --verbose         show each exchange, credentials redacted
  --json            write one JSON object to a line instead of text
  --help            show this
`;

/**
 * Reads the arguments that follow the command's name.
 *
 * @throws TypeError for an unknown option or an unusable value.
 */
export function parseArguments(args: readonly string[]): CommandArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "0" },
      "api-key": { type: "string", multiple: true },
      "agent-out": { type: "string" },
      sealed: { type: "boolean", default: false },
      "http-only": { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new TypeError("--port must be a number from 0 to 65535");
  }
  return {
    port: Number(values.port),
    apiKeys: values["api-key"],
    agentOut: values["agent-out"],
    isSealed: values.sealed,
    isHttpOnly: values["http-only"],
    isVerbose: values.verbose,
    isJson: values.json,
    wantsHelp: values.help,
  };
}
