import type { ModelProviderTable } from "@codex-ts/protocol";
import { ModelProviderError } from "./errors.js";

/** Where a table stands, for messages. */
export interface TablePlace {
  /** Put before what is wrong, such as `model_providers.acme`. */
  readonly path: string;
  readonly providerId: string | undefined;
}

/**
 * Checks one table of `model_providers` by itself, before it is saved.
 *
 * @throws {@link ModelProviderError} of kind `configuration`.
 */
export async function checkProviderTable(table: unknown): Promise<void> {
  const place: TablePlace = { path: "provider", providerId: undefined };
  const problem = findProblem(await parseProviderTable(table, place));
  if (problem !== undefined) throw new ModelProviderError(problem, { kind: "configuration" });
}

/**
 * Reads one table.
 *
 * @throws ModelProviderError of kind `configuration`, which names the path of what does not fit.
 */
export async function parseProviderTable(table: unknown, place: TablePlace): Promise<ModelProviderTable> {
  const { providerId } = place;
  if (isChatTable(table)) throw new ModelProviderError(chatRemoved, { kind: "configuration", providerId });
  const { modelProviderTableSchema } = await import("@codex-ts/protocol/schemas");
  const result = modelProviderTableSchema.safeParse(table);
  if (result.success) return result.data;
  throw new ModelProviderError(`${place.path}${mismatch(result.error.issues)}`, {
    kind: "configuration",
    providerId,
  });
}

/** Says what a table cannot combine, the first that there is. */
export function findProblem(table: ModelProviderTable): string | undefined {
  const { auth, aws, env_key, experimental_bearer_token, requires_openai_auth, supports_websockets } = table;
  if (aws !== undefined) {
    if (supports_websockets) return "provider aws cannot be combined with supports_websockets";
    const conflicts = present({ env_key, experimental_bearer_token, auth, requires_openai_auth });
    if (conflicts !== "") return `provider aws cannot be combined with ${conflicts}`;
  }
  if (auth !== undefined) {
    if (auth.command.trim() === "") return "provider auth.command must not be empty";
    const conflicts = present({ env_key, experimental_bearer_token, requires_openai_auth });
    if (conflicts !== "") return `provider auth cannot be combined with ${conflicts}`;
  }
  return undefined;
}

/** The part of a schema's issue that is shown: never the value, which may be a key. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function mismatch([issue]: readonly Issue[]): string {
  if (issue === undefined) return " does not fit";
  const path = issue.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return `${path}: ${issue.message}`;
}

function present(members: Readonly<Record<string, unknown>>): string {
  const names = Object.entries(members).flatMap(([name, value]) =>
    value === undefined || value === false ? [] : [name],
  );
  return names.join(", ");
}

function isChatTable(table: unknown): boolean {
  return typeof table === "object" && table !== null && "wire_api" in table && table.wire_api === "chat";
}

const chatRemoved = `\`wire_api = "chat"\` is no longer supported.
How to fix: set \`wire_api = "responses"\` in your provider config.
More info: https://github.com/openai/codex/discussions/7782`;
