import { LoginError } from "../login-error.js";
import { printable } from "./printable.js";

/** Why a sign-in in the browser came to nothing, for the program and for the person in front of the page. */
export interface SignInFailure {
  /** What the program gets. */
  readonly error: LoginError;
  readonly page: ErrorPageText;
}

/** What the error page says. Plain text: the page escapes it. */
export interface ErrorPageText {
  readonly title: string;
  readonly message: string;
  /** For support. */
  readonly code: string;
  readonly description: string;
  readonly help: string;
}

/** Makes a failure whose page has the usual words beside those of the error. */
export function signInFailure(
  error: LoginError,
  code: string,
  { message = error.message, description = message }: Partial<ErrorPageText> = {},
): SignInFailure {
  return {
    error,
    page: {
      title: "Sign-in could not be completed",
      message,
      code,
      description,
      help: "Return to Codex to retry, switch accounts, or contact your workspace admin if access is restricted.",
    },
  };
}

/** Turns the refusal that the issuer put into the callback (RFC 6749 §4.1.2.1) into a failure. */
export function deniedSignIn(code: string, description = ""): SignInFailure {
  if (code === "access_denied" && /missing_codex_entitlement/i.test(description)) return notEntitled();
  const shownCode = printable(code);
  const reason = printable(description) || shownCode;
  const error = new LoginError(`Sign-in failed: ${reason}`, { kind: "login_denied" });
  return signInFailure(error, shownCode || "unknown_error", { description: reason });
}

/** The failure of a callback that brings neither a code nor an error. */
export function missingCode(): SignInFailure {
  const error = new LoginError("Missing authorization code. Sign-in could not be completed.", {
    kind: "login_failed",
  });
  return signInFailure(error, "missing_authorization_code");
}

/** The failure of a sign-in whose login could not be stored. */
export function unsavedSignIn(cause: LoginError): SignInFailure {
  const message = "Sign-in completed but credentials could not be saved locally.";
  const { kind, retryable } = cause;
  const error = new LoginError(`${message} ${cause.message}`, { kind, retryable, cause });
  return signInFailure(error, "persist_failed", { message, description: cause.message });
}

function notEntitled(): SignInFailure {
  const contact = "Contact your workspace administrator to";
  return {
    error: new LoginError(`Codex is not enabled for your workspace. ${contact} request access to Codex.`, {
      kind: "login_denied",
    }),
    page: {
      title: "You do not have access to Codex",
      message: "This account is not currently authorized to use Codex in this workspace.",
      code: "access_denied",
      description: `${contact} request access to Codex.`,
      help: `${contact} get access to Codex, then return to Codex and try again.`,
    },
  };
}
