import { type BrowserLoginOptions, type CompletedLogin, loginWithBrowser } from "../../../src/index.js";

/** A sign-in that waits for its browser. */
export interface StartedLogin {
  /** Where it is to be approved. */
  readonly url: string;
  /** The server that the browser comes back to, without a slash at the end. */
  readonly origin: string;
  readonly login: Promise<CompletedLogin>;
}

/** Starts a sign-in that nobody completes yet. */
export async function startLogin(options: BrowserLoginOptions): Promise<StartedLogin> {
  return await new Promise((resolve, reject) => {
    const login = loginWithBrowser({
      ...options,
      onAuthorizeUrl: (url) => {
        // Whoever starts it may look at its failure later.
        login.catch(() => {});
        const redirectUri = new URL(url).searchParams.get("redirect_uri") ?? "";
        resolve({ url, origin: new URL(redirectUri).origin, login });
      },
    });
    login.catch(reject);
  });
}
