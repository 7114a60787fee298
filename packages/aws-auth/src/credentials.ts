import { AuthError } from "@codex-ts/auth-provider";

/** AWS credentials, as the AWS SDK gives them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
  /** When they stop to work. */
  readonly expiration?: Date | undefined;
}

/**
 * Gives credentials, anew for each request. Any credential provider of the AWS SDK is one; those of its default chain
 * remember what they have found.
 */
export type AwsCredentialSource = () => AwsCredentials | Promise<AwsCredentials>;

/**
 * Reads credentials and checks that they can sign.
 *
 * @throws {@link AuthError}, of kind `transient` when the source may have them the next time.
 */
export async function readCredentials(source: AwsCredentialSource, nowMs: number): Promise<AwsCredentials> {
  let credentials: AwsCredentials;
  try {
    credentials = await source();
  } catch (error) {
    throw toAuthError(error);
  }
  const { accessKeyId, secretAccessKey, expiration } = credentials ?? {};
  if (!isText(accessKeyId) || !isText(secretAccessKey))
    throw new AuthError("the AWS credentials lack an access key id or a secret access key", {
      kind: "build",
    });
  if (expiration !== undefined && expiration.getTime() <= nowMs) {
    throw new AuthError(`the AWS credentials expired at ${expiration.toISOString()}; refresh them`, {
      kind: "build",
    });
  }
  return credentials;
}

// Without a cause: what a credential source throws may hold anything.
function toAuthError(error: unknown): AuthError {
  const name = error instanceof Error ? error.name : typeof error;
  const kind = isRetryable(error) ? "transient" : "build";
  return new AuthError(`the AWS credentials could not be had (${name}); see what their source reports`, {
    kind,
  });
}

/** What the AWS SDK and Node say about a failure. */
interface FailureFacts {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly $fault?: unknown;
  readonly $retryable?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown } | undefined;
}

function isRetryable(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > maxDepth) return false;
  const { name, code, cause, $fault, $retryable, $metadata } = error as FailureFacts;
  const status = $metadata?.httpStatusCode;
  return (
    ($retryable !== undefined && $retryable !== null) ||
    $fault === "server" ||
    (typeof status === "number" && (status === 429 || status >= 500)) ||
    transientNames.has(name) ||
    transientCodes.has(code) ||
    isRetryable(cause, depth + 1)
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

const maxDepth = 5;
const transientNames: ReadonlySet<unknown> = new Set([
  "ProvisionedThroughputExceededException",
  "RequestTimeout",
  "RequestTimeoutException",
  "SlowDown",
  "ThrottlingException",
  "TimeoutError",
  "TooManyRequestsException",
]);
const transientCodes: ReadonlySet<unknown> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);
