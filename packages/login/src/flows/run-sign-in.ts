import { type LoginContext, type LoginOptions, withLoginContext } from "../logins/login-context.js";
import { SignInEnd } from "./sign-in-end.js";

/** Settings of a sign-in that its caller can give up. */
export interface SignInOptions extends LoginOptions {
  /** Gives the sign-in up. Nothing is stored then; a login that is being stored already counts as completed. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a sign-in in a context of its own.
 *
 * @throws What the sign-in throws, and a {@link LoginError} of kind `aborted` in its place when it was given up.
 */
export function runSignIn<T>(
  { signal, ...options }: SignInOptions,
  signIn: (context: LoginContext, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withLoginContext(options, async (context) => {
    const end = new SignInEnd({ signal });
    try {
      end.signal.throwIfAborted();
      return await signIn(context, end.signal);
    } catch (error) {
      throw end.reasonFor(error);
    } finally {
      end[Symbol.dispose]();
    }
  });
}
