/** The body of a refusal, in the backend's own shape. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string | null;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** Makes the body of an error answer; its `type` follows from the status. */
export function errorBody(
  status: number,
  code: string | null,
  message: string,
  param: string | null = null,
): ErrorBody {
  return { error: { message, type: errorType(status), param, code } };
}

function errorType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
