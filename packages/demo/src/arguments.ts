import { parseArgs } from "node:util";
import { Secret } from "@codex-ts/client";

/** What the command line asks for. */
export interface DemoArguments {
  readonly prompt: string;
  readonly verbose: boolean;
  readonly help: boolean;
  readonly sealed: boolean;
  /** Where to send the turn; the local backend when it is left out. */
  readonly remote?: { readonly baseUrl: string; readonly apiKey: Secret; readonly model: string } | undefined;
}

/** Printed by `--help`, and after a mistake. */
export const usage: string = `Usage: demo [options] ["prompt"]

Without options, starts a local backend and does one turn that is signed by an Agent Identity.

  --base-url URL       do the turn against this Responses endpoint, such as https://api.openai.com/v1
  --api-key-env NAME   the environment variable that holds the API key for it
  --model MODEL        the model to ask there (default: gpt-5.5)
  --sealed             let the local backend send its task id in a sealed box
  --verbose            show what was on the wire
  --help               show this`;

/**
 * Reads the command line. The environment is looked at for one variable only: the one that
 * `--api-key-env` names.
 *
 * @throws `TypeError` that says what to change.
 */
export function parseDemoArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): DemoArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      "base-url": { type: "string" },
      "api-key-env": { type: "string" },
      model: { type: "string", default: "gpt-5.5" },
      sealed: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    prompt: positionals.join(" ") || "Say hello, and tell who signed this request.",
    verbose: values.verbose,
    help: values.help,
    sealed: values.sealed,
    remote: remote(values["base-url"], values["api-key-env"], values.model, environment),
  };
}

function remote(
  baseUrl: string | undefined,
  variable: string | undefined,
  model: string,
  environment: Readonly<Record<string, string | undefined>>,
): DemoArguments["remote"] {
  if (baseUrl === undefined && variable === undefined) return undefined;
  if (baseUrl === undefined) throw new TypeError('"--api-key-env" needs "--base-url"');
  if (variable === undefined) throw new TypeError('"--base-url" needs "--api-key-env"');
  if (!URL.canParse(baseUrl))
    throw new TypeError(`"--base-url" must be an absolute URL, got ${JSON.stringify(baseUrl)}`);
  const apiKey = environment[variable]?.trim();
  if (apiKey === undefined || apiKey === "") {
    throw new TypeError(
      `the environment variable ${variable} is not set; "--api-key-env" names the one with the key`,
    );
  }
  return { baseUrl, apiKey: new Secret(apiKey), model };
}
