import type { Pause } from "./pause.js";
import type { RandomSource } from "./pkce.js";
import type { RedirectedUrlPrompt } from "./redirected-url.js";
import type { SignInOptions } from "./run-sign-in.js";

/**
 * Settings of {@link loginWithBrowser}. At least one of `onAuthorizeUrl`, `openUrl` and `readRedirectedUrl` is needed:
 * without them nobody would learn where to sign in.
 */
export interface BrowserLoginOptions extends SignInOptions {
  /** Told where to sign in, before anything is opened. Show it: people without a browser here can use another one. */
  readonly onAuthorizeUrl?: ((url: string) => void) | undefined;
  /**
   * Opens the address in a browser, such as the default export of the package `open`. This package starts no program.
   * That it fails does not matter as long as there is another way to learn the address.
   */
  readonly openUrl?: ((url: string) => unknown) | undefined;
  /**
   * Asks a person to paste the address that the browser was sent to in the end. For machines that the browser cannot
   * come back to, such as the far end of an SSH session. Whichever comes first counts, this or the browser. Asked again
   * after a text that is of no use, five times at most; rejecting gives the sign-in up.
   */
  readonly readRedirectedUrl?: ((prompt: RedirectedUrlPrompt) => Promise<string>) | undefined;
  /**
   * Whether to listen for the browser. `false` needs `readRedirectedUrl`.
   *
   * @defaultValue true
   */
  readonly callbackServer?: boolean | undefined;
  /**
   * The port of the redirect URI; 0 takes any free one, if the issuer accepts that.
   *
   * @defaultValue the first of the profile's `redirectPorts` that is free
   */
  readonly port?: number | undefined;
  /**
   * Names the program that asks for the sign-in.
   *
   * @defaultValue "codex_ts"
   */
  readonly originator?: string | undefined;
  /**
   * Makes the success page brief, for programs that come to the front by themselves.
   *
   * @defaultValue false
   */
  readonly streamlinedSuccessPage?: boolean | undefined;
  /**
   * How long a person may take, in milliseconds.
   *
   * @defaultValue 600_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How long to wait for the browser to fetch the success page, in milliseconds. The login is stored by then, so that
   * it counts as completed also when the browser is gone.
   *
   * @defaultValue 5_000
   */
  readonly successPageTimeoutMs?: number | undefined;
  /** Source of random bytes. @defaultValue that of `node:crypto` */
  readonly random?: RandomSource | undefined;
  /** Waits between tries for a port that is in use. @defaultValue a timer */
  readonly pause?: Pause | undefined;
}

/** @throws TypeError for options that no sign-in can work with. */
export function checkBrowserLoginOptions(options: BrowserLoginOptions): void {
  const { onAuthorizeUrl, openUrl, readRedirectedUrl, callbackServer = true } = options;
  if ((onAuthorizeUrl ?? openUrl ?? readRedirectedUrl) === undefined) {
    throw new TypeError('one of "onAuthorizeUrl", "openUrl" and "readRedirectedUrl" is needed');
  }
  if (!callbackServer && readRedirectedUrl === undefined) {
    throw new TypeError('"callbackServer: false" needs "readRedirectedUrl"');
  }
}
