import { LoginError } from "../login-error.js";
import { type LoginContext, withLoginContext } from "../logins/login-context.js";
import { AuthorizationAttempt, type CallbackOutcome, callbackPath } from "./authorization-attempt.js";
import { type BrowserLoginOptions, checkBrowserLoginOptions } from "./browser-login-options.js";
import {
  type CallbackReply,
  type CallbackRequest,
  type CallbackServer,
  startCallbackServer,
} from "./callback-server.js";
import type { CompletedLogin } from "./completed-login.js";
import { errorPage, successPage } from "./pages.js";
import { pause as pauseByClock } from "./pause.js";
import { parseRedirectedUrl } from "./redirected-url.js";
import { longestTimerMs, notCompleted, SignInEnd } from "./sign-in-end.js";
import { streamlinedParameter, successPath } from "./success-url.js";

/**
 * Signs in with a ChatGPT account in a browser: OAuth with PKCE and a callback to the loopback interface, and stores
 * the login in place of whatever was stored before.
 *
 * @returns What was stored, once the browser shows the success page.
 * @throws {@link LoginError} of kind `aborted`, `callback_port`, `configuration`, `lock_timeout`, `login_cancelled`,
 * `login_denied`, `login_failed`, `login_timeout`, `restricted` or `storage`; what was stored before is still there then.
 * TypeError for options that cannot be.
 */
export async function loginWithBrowser(options: BrowserLoginOptions): Promise<CompletedLogin> {
  checkBrowserLoginOptions(options);
  return await withLoginContext(options, async (context) => {
    context.policy.checkNewLogin("chatgpt");
    return await new BrowserLogin(context, options).run();
  });
}

const maxPastes = 5;

class BrowserLogin {
  readonly #context: LoginContext;
  readonly #options: BrowserLoginOptions;
  readonly #end: SignInEnd;
  readonly #result: Promise<CompletedLogin>;
  #resolve: (login: CompletedLogin) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #attempt: AuthorizationAttempt | undefined;
  #successPageTimer: NodeJS.Timeout | undefined;

  constructor(context: LoginContext, options: BrowserLoginOptions) {
    this.#context = context;
    this.#options = options;
    this.#result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may fail while the server is still starting, when nobody listens yet.
    this.#result.catch(() => {});
    const { signal, timeoutMs = 600_000 } = options;
    this.#end = new SignInEnd({ signal, timeoutMs });
  }

  async run(): Promise<CompletedLogin> {
    const { signal } = this.#end;
    signal.addEventListener("abort", () => void this.#stop(), { once: true });
    let server: CallbackServer | undefined;
    try {
      signal.throwIfAborted();
      server = await this.#listen();
      this.#attempt = this.#start(server?.port ?? this.#fixedPort());
      this.#announce(this.#attempt);
      return await this.#result;
    } catch (error) {
      throw this.#end.reasonFor(error);
    } finally {
      clearTimeout(this.#successPageTimer);
      this.#end[Symbol.dispose]();
      // Ends a prompt that waits for nobody now.
      this.#end.end(notCompleted(undefined));
      await server?.close();
    }
  }

  /** Returns nothing when the caller wants no server. */
  async #listen(): Promise<CallbackServer | undefined> {
    const { callbackServer = true, pause = pauseByClock } = this.#options;
    if (!callbackServer) return undefined;
    return await startCallbackServer({
      ports: this.#ports(),
      redirectHost: this.#context.profile.redirectHost,
      answer: (request) => this.#answer(request),
      pause,
      signal: this.#end.signal,
    });
  }

  #ports(): readonly number[] {
    const { redirectPorts } = this.#context.profile;
    const { port = redirectPorts[0] } = this.#options;
    return port === undefined || port === redirectPorts[0] ? redirectPorts : [port];
  }

  /** The port that the browser is sent to when nobody listens there. */
  #fixedPort(): number {
    const [port = 0] = this.#ports();
    if (port === 0) throw new TypeError('"callbackServer: false" needs a "port" other than 0');
    return port;
  }

  #start(port: number): AuthorizationAttempt {
    const { originator = "codex_ts", streamlinedSuccessPage: isStreamlined = false, random } = this.#options;
    return new AuthorizationAttempt({
      context: this.#context,
      port,
      originator,
      isStreamlined,
      random,
      signal: this.#end.signal,
    });
  }

  #announce(attempt: AuthorizationAttempt): void {
    const { onAuthorizeUrl, openUrl, readRedirectedUrl } = this.#options;
    onAuthorizeUrl?.(attempt.authorizeUrl);
    if (openUrl !== undefined) void this.#open(openUrl, attempt.authorizeUrl);
    if (readRedirectedUrl === undefined) return;
    this.#readPasted(readRedirectedUrl, attempt).catch((error: unknown) =>
      this.#end.end(notCompleted(error)),
    );
  }

  async #open(openUrl: NonNullable<BrowserLoginOptions["openUrl"]>, url: string): Promise<void> {
    try {
      await openUrl(url);
    } catch (cause) {
      const { onAuthorizeUrl, readRedirectedUrl } = this.#options;
      if ((onAuthorizeUrl ?? readRedirectedUrl) !== undefined) return;
      const message =
        "the browser could not be opened, and nobody was told the address; pass onAuthorizeUrl as well";
      this.#end.end(new LoginError(message, { kind: "login_failed", cause }));
    }
  }

  async #readPasted(
    readRedirectedUrl: NonNullable<BrowserLoginOptions["readRedirectedUrl"]>,
    attempt: AuthorizationAttempt,
  ): Promise<void> {
    const { authorizeUrl } = attempt;
    let problem: string | undefined;
    for (let pastes = 0; pastes < maxPastes; pastes += 1) {
      const query = parseRedirectedUrl(
        await readRedirectedUrl({ authorizeUrl, problem, signal: this.#end.signal }),
      );
      const outcome = query === undefined ? undefined : await attempt.complete(query);
      if (outcome?.kind === "completed") return this.#resolve(outcome.login);
      if (outcome?.kind === "failed") return this.#reject(outcome.failure.error);
      problem =
        outcome === undefined
          ? "This is not the address that the browser was sent to."
          : "State mismatch: this address belongs to another sign-in.";
    }
    const message = `none of ${maxPastes} texts was the address that the browser was sent to; start the sign-in again`;
    this.#end.end(new LoginError(message, { kind: "login_failed" }));
  }

  async #answer(request: CallbackRequest): Promise<CallbackReply> {
    const attempt = this.#attempt;
    if (request.path === cancelPath) return this.#answerCancel(request);
    if (request.path === callbackPath && attempt !== undefined) {
      return this.#answerCallback(await attempt.complete(request.query));
    }
    if (request.path === successPath) return this.#answerSuccess(request, await attempt?.outcome);
    return notFound;
  }

  #answerCallback(outcome: CallbackOutcome): CallbackReply {
    switch (outcome.kind) {
      case "ignored":
        return { status: 400, body: "State mismatch" };
      case "failed":
        return {
          status: 200,
          contentType: html,
          body: errorPage(outcome.failure.page),
          onSent: () => this.#reject(outcome.failure.error),
        };
      case "completed":
        return {
          status: 302,
          location: outcome.successUrl,
          body: "",
          onSent: () => this.#awaitSuccessPage(outcome.login),
        };
    }
  }

  #answerSuccess({ query }: CallbackRequest, outcome: CallbackOutcome | undefined): CallbackReply {
    // Anybody can ask for this page; only a login that is stored makes it true.
    if (outcome?.kind !== "completed") return notFound;
    return {
      status: 200,
      contentType: html,
      body: successPage({ isStreamlined: query.get(streamlinedParameter) === "true" }),
      onSent: () => this.#resolve(outcome.login),
    };
  }

  /** Another sign-in asks for the port. A page that a browser happens to show has no say in this. */
  #answerCancel({ isFromOtherSite }: CallbackRequest): CallbackReply {
    if (isFromOtherSite) return { status: 403, body: "Forbidden" };
    const error = new LoginError("Login cancelled", { kind: "login_cancelled" });
    return { status: 200, body: "Login cancelled", onSent: () => this.#end.end(error) };
  }

  #awaitSuccessPage(login: CompletedLogin): void {
    const { successPageTimeoutMs = 5000 } = this.#options;
    this.#successPageTimer ??= setTimeout(
      () => this.#resolve(login),
      Math.min(successPageTimeoutMs, longestTimerMs),
    );
  }

  /** A login that is being stored counts, although the sign-in was given up meanwhile. */
  async #stop(): Promise<void> {
    const outcome = await this.#attempt?.outcome;
    if (outcome?.kind === "completed") this.#resolve(outcome.login);
    else this.#reject(this.#end.signal.reason);
  }
}

const cancelPath = "/cancel";
const html = "text/html; charset=utf-8";
const notFound: CallbackReply = { status: 404, body: "Not Found" };
