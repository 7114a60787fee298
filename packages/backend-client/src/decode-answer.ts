import { BackendError } from "./errors.js";

/** An answer that was read whole, and what it answers. */
export interface BackendAnswer {
  readonly method: string;
  /** Without query. */
  readonly url: string;
  readonly body: string;
  /** Empty if the server named none. */
  readonly contentType: string;
  readonly requestId: string | undefined;
}

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

/** Chooses the schema of an answer. */
export type ChooseSchema<Value> = (schemas: typeof import("@codex-ts/protocol/schemas")) => Schema<Value>;

/**
 * Parses the body of an answer and checks it. Members that the schema does not know are let pass.
 *
 * The schemas, and zod with them, are loaded when the first answer is there.
 *
 * @throws {@link BackendError} of kind `decode`, whose message names the place of the mismatch and quotes nothing.
 */
export async function decodeAnswer<Value>(
  answer: BackendAnswer,
  choose: ChooseSchema<Value>,
): Promise<Value> {
  const value = parseJson(answer);
  const result = choose(await import("@codex-ts/protocol/schemas")).safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined ? "" : toPlace(issue.path);
  throw decodeError(answer, place === "" ? "it has another shape" : `${issue?.message} at ${place}`);
}

/** Makes the error for an answer that is not what the endpoint promises. */
export function decodeError(answer: BackendAnswer, reason: string): BackendError {
  return new BackendError(`Decode error for ${answer.url}: ${reason}`, { kind: "decode", ...answer });
}

/**
 * Parses the body of an answer.
 *
 * @throws {@link BackendError} of kind `decode`.
 */
export function parseJson(answer: BackendAnswer): unknown {
  const parsed = tryParse(answer.body);
  if (parsed === undefined) throw decodeError(answer, "it is not JSON");
  return parsed.value;
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The parser's message quotes the text, which may be anything.
    return undefined;
  }
}

/** `items[0].title`. Names of members are shown as far as they can be names. */
function toPlace(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === "number") return `${place}[${key}]`;
    const name = /^\w{1,64}$/.test(String(key)) ? String(key) : "*";
    return place === "" ? name : `${place}.${name}`;
  }, "");
}
