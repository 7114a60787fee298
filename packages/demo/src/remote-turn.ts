import type { AuthProvider } from "@codex-ts/auth-provider";
import { createTransport, type Secret } from "@codex-ts/client";
import type { DemoArguments } from "./arguments.js";
import { runTurn } from "./run-turn.js";
import { logAnswers } from "./wire-log.js";

/** Does one turn against the endpoint and with the API key that the command line names. */
export async function runRemoteTurn(
  { prompt, verbose }: DemoArguments,
  { baseUrl, apiKey, model }: NonNullable<DemoArguments["remote"]>,
  write: (text: string) => void,
): Promise<void> {
  const printWire = verbose ? (line: string) => write(`  ${line}\n`) : undefined;
  await using transport = createTransport({
    telemetry: printWire === undefined ? undefined : logAnswers(printWire),
  });
  write(`backend        ${baseUrl}\nsigned by      the API key\n\n`);
  const provider = { name: "remote", baseUrl };
  await runTurn({ transport, provider, auth: bearer(apiKey), model, prompt, write, printWire });
}

function bearer(apiKey: Secret): AuthProvider {
  return { addAuthHeaders: (headers) => headers.set("authorization", `Bearer ${apiKey.reveal()}`) };
}
