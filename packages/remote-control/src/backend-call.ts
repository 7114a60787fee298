import type { AuthProvider } from "@codex-ts/auth-provider";
import {
  isTransportError,
  statusText,
  type Transport,
  type TransportError,
  type TransportRequest,
  type TransportResponse,
} from "@codex-ts/client";
import { bodyPreview, scrubSecrets } from "./body-preview.js";
import { isAccountChange } from "./remote-control-auth.js";
import { abortedError, RemoteControlError, type RemoteControlErrorKind } from "./remote-control-error.js";

/** How a call is named in its errors. */
export interface CallNames {
  /** `failed to enroll remote control server`: there was no answer. */
  readonly send: string;
  /** `failed to read remote control server enrollment response`: the answer broke off. */
  readonly read: string;
  /** `remote control server enrollment failed`: the backend has refused. */
  readonly refused: string;
  /** `failed to parse remote control server enrollment response`: the answer is none. */
  readonly parse: string;
  /** Whether the URL stands in the texts of calls that got no answer. */
  readonly namesUrl?: boolean | undefined;
}

/** A request to the backend. */
export interface BackendCall<Answer> {
  readonly transport: Transport;
  readonly request: Omit<TransportRequest, "timeoutMs">;
  /** As it is shown, without a query. */
  readonly url: string;
  readonly auth: AuthProvider;
  readonly names: CallNames;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Kinds of refusals, by status. 401 and 403 are `permission_denied`, 404 is `not_found`, others are `other`. */
  readonly kinds?: Readonly<Record<number, RemoteControlErrorKind>> | undefined;
  /** Chooses how the answer is read. Left out, it is ignored. */
  readonly schema?: ((schemas: Schemas) => Schema<Answer>) | undefined;
}

type Schemas = typeof import("@codex-ts/protocol/schemas");

/** The part of a zod schema that is needed here. Its types would be the only reason to import it. */
interface Schema<Value> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Value }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** What the backend has answered, for messages about what is wrong with it. */
export interface CallAnswer<Answer> {
  readonly value: Answer;
  /** `HTTP 200 OK, request-id: …, cf-ray: …, body: …` */
  readonly facts: string;
}

/**
 * Sends a request and reads its answer.
 *
 * @throws {@link RemoteControlError}. It holds what the answer says, apart from secrets.
 */
export async function callBackend<Answer>(call: BackendCall<Answer>): Promise<CallAnswer<Answer>> {
  const { transport, request, auth, timeoutMs, signal, names, url, schema } = call;
  let response: TransportResponse;
  try {
    response = await transport.execute({ ...request, timeoutMs }, { auth, signal });
  } catch (error) {
    throw toCallError(call, error);
  }
  const facts = answerFacts(response.status, response.headers, response.body);
  if (schema === undefined) return { value: undefined as Answer, facts };
  const decoded = await decode(schema, response.body);
  if ("value" in decoded) return { value: decoded.value, facts };
  throw new RemoteControlError(
    `${names.parse} from \`${url}\`: ${facts}, decode error: ${decoded.mismatch}`,
    {
      kind: "other",
      status: response.status,
    },
  );
}

/** `HTTP 404 Not Found, request-id: …, cf-ray: …, body: …` */
function answerFacts(
  status: number,
  headers: Headers | undefined,
  body: string | Uint8Array | undefined,
): string {
  return `HTTP ${statusText(status)}, ${answerIds(headers)}, body: ${scrubSecrets(bodyPreview(body ?? ""))}`;
}

/** `request-id: …, cf-ray: …` */
export function answerIds(headers: Headers | undefined): string {
  const requestId = headers?.get("x-request-id") ?? headers?.get("x-oai-request-id");
  return `request-id: ${shown(requestId)}, cf-ray: ${shown(headers?.get("cf-ray"))}`;
}

function shown(value: string | null | undefined): string {
  if (value === null || value === undefined) return "<none>";
  return /^[\t\x20-\x7e]*$/.test(value) ? value : "<invalid utf-8>";
}

const readCodes: ReadonlySet<string> = new Set(["body_timeout", "content_decoding", "response_too_large"]);

function toCallError<Answer>({ names, url, kinds, signal }: BackendCall<Answer>, error: unknown): Error {
  if (signal?.aborted) return abortedError(signal);
  if (isAccountChange(error)) return accountChangedError("during a request", error);
  if (!isTransportError(error)) return unexpected(names.send, error);
  if (error.kind === "http") return refusal(names, url, kinds, error);
  const what = readCodes.has(error.code ?? "") ? names.read : names.send;
  const place = names.namesUrl === false ? "" : ` ${what === names.read ? "from" : "at"} \`${url}\``;
  // A refusal that nothing helps against; what may work later is none.
  const isRefused = error.code === "recovery_failed" && error.kind === "build";
  const kind = isRefused ? "permission_denied" : "other";
  return new RemoteControlError(`${what}${place}: ${error.message}`, {
    kind,
    status: error.status,
    cause: error,
  });
}

function refusal(
  { refused }: CallNames,
  url: string,
  kinds: Readonly<Record<number, RemoteControlErrorKind>> | undefined,
  error: TransportError,
): RemoteControlError {
  const { status = 0, headers, body, retryAfterMs } = error;
  const message = `${refused} at \`${url}\`: ${answerFacts(status, headers, body)}`;
  const kind = kinds?.[status] ?? usualKinds[status] ?? "other";
  return new RemoteControlError(message, { kind, status, retryAfterMs, cause: error });
}

const usualKinds: Readonly<Record<number, RemoteControlErrorKind>> = {
  401: "permission_denied",
  403: "permission_denied",
  404: "not_found",
};

/** The error of a call that somebody else's login has got in between. */
export function accountChangedError(when: string, cause?: unknown): RemoteControlError {
  return new RemoteControlError(`remote control account changed ${when}`, {
    kind: "interrupted",
    code: "account_changed",
    ...(cause === undefined ? {} : { cause }),
  });
}

function unexpected(what: string, error: unknown): RemoteControlError {
  const name = error instanceof Error ? error.name : typeof error;
  return new RemoteControlError(`${what} (${name})`, { kind: "other", cause: error });
}

async function decode<Answer>(
  schema: (schemas: Schemas) => Schema<Answer>,
  body: Uint8Array,
): Promise<{ readonly value: Answer } | { readonly mismatch: string }> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    // The parser's own text quotes the body.
    return { mismatch: "it is not JSON" };
  }
  const result = schema(await import("@codex-ts/protocol/schemas")).safeParse(json);
  if (result.success) return { value: result.data };
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  return {
    mismatch: path === "" ? (issue?.message ?? "it has another shape") : `${path}: ${issue?.message}`,
  };
}
