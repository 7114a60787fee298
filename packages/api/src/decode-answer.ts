import { invalidAnswer, parseAnswer, type WholeAnswer } from "./answer-json.js";
import { isJsonObject } from "./json-object.js";

/** The part of a zod schema that is needed here. Its types would be the only reason to import it. */
interface Schema<Value> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Schemas = typeof import("@codex-ts/protocol/schemas");

/**
 * Parses the body of an answer and checks it. Members that the schema does not know are let pass.
 *
 * The schemas, and zod with them, are loaded when the first answer is there.
 *
 * @param choose - Chooses the schema.
 * @param failed - Put in front of the reason, such as `failed to decode search response`.
 * @throws {@link ApiError} of kind `stream`, code `invalid_answer`. Its message names the path of the mismatch.
 */
export async function decodeAnswer<Value>(
  answer: WholeAnswer,
  choose: (schemas: Schemas) => Schema<Value>,
  failed?: string,
): Promise<Value> {
  const value = parseAnswer(answer, failed);
  const result = choose(await import("@codex-ts/protocol/schemas")).safeParse(value);
  if (result.success) return result.data;
  throw invalidAnswer(answer, failed, mismatch(result.error.issues, value));
}

/** Says what is missing, or what is wrong and where. A missing member of the answer itself comes without a path. */
function mismatch([issue]: readonly Issue[], value: unknown): string {
  if (issue === undefined) return "the answer has another shape";
  const path = toPath(issue.path);
  if (valueAt(value, issue.path) === undefined) return `missing field \`${path}\``;
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

/** `output[0].memory_summary`. */
function toPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    return path === "" ? String(key) : `${path}.${String(key)}`;
  }, "");
}

function valueAt(root: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>(
    (value, key) =>
      isJsonObject(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}
