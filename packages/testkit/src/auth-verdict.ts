/** What the backend made of a request's credential. */
export type AuthVerdict =
  | {
      readonly kind: "agentAssertion";
      readonly agentRuntimeId: string;
      readonly taskId: string;
      readonly timestamp: string;
    }
  | { readonly kind: "bearer"; readonly credential: "apiKey" | "token"; readonly accountId: string | null }
  | { readonly kind: "none" }
  | { readonly kind: "invalid"; readonly code: AuthFailureCode; readonly message: string };

/** Why a credential was refused: `error.code` of the 401 answer. */
export type AuthFailureCode =
  | "account_mismatch"
  | "assertion_not_base64url"
  | "assertion_not_canonical"
  | "fedramp_mismatch"
  | "invalid_api_key"
  | "invalid_authorization"
  | "invalid_signature"
  | "invalid_task_id"
  | "invalid_timestamp"
  | "invalid_token"
  | "timestamp_out_of_range"
  | "unknown_agent";
