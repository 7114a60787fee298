import { TransportError, type TransportErrorKind } from "@codex-ts/client";
import { ApiError, type ApiErrorOptions } from "../../src/index.js";

/** An error as the vectors write it. */
export interface ErrorVector {
  readonly kind: ApiErrorOptions["kind"];
  readonly status?: number;
  readonly message?: string;
  readonly delay_ms?: number | null;
  readonly transport?: {
    readonly kind: TransportErrorKind;
    readonly message?: string;
    readonly status?: number;
    readonly url?: string | null;
    readonly headers?: Readonly<Record<string, string>> | null;
    readonly body?: string | null;
  };
}

/** Makes the error that a vector describes, as the clients would. */
export function toApiError({ kind, status, message = kind, delay_ms, transport }: ErrorVector): ApiError {
  const cause = transport === undefined ? undefined : toTransportError(transport);
  return new ApiError(message, {
    kind,
    status: status ?? transport?.status,
    delayMs: delay_ms ?? undefined,
    ...(cause === undefined ? {} : { cause }),
  });
}

function toTransportError({
  kind,
  message = kind,
  status,
  url,
  headers,
  body,
}: NonNullable<ErrorVector["transport"]>): TransportError {
  return new TransportError(message, {
    kind,
    status,
    url: url ?? undefined,
    headers: headers ? new Headers(headers) : undefined,
    body: body ?? undefined,
  });
}
