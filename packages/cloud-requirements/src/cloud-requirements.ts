import { bundleShape } from "./bundle-shape.js";
import { type CloudPolicies, noPolicies } from "./cloud-policies.js";
import { CloudRequirementsError, isCloudRequirementsError } from "./cloud-requirements-error.js";
import { type CloudRequirementsOptions, type Settings, toSettings } from "./cloud-requirements-options.js";
import { waitFor, withDeadline } from "./deadline.js";
import { eligibleLogin, ownerOf } from "./eligible-login.js";
import { loadPolicies, type OwnedPolicies } from "./load-policies.js";
import { PolicyState } from "./policy-state.js";
import type { LoadTrigger } from "./telemetry.js";

/** Settings of one call. */
export interface CallOptions {
  /** Ends the waiting, with an error of code `Aborted`. The load itself goes on for others. */
  readonly signal?: AbortSignal | undefined;
}

/** One load. */
interface LoadRun {
  readonly trigger: LoadTrigger;
  /** Whose policies are being loaded, once that is known. */
  owner: string | undefined;
}

/**
 * The policies that a workspace prescribes to whoever is signed in: loaded once for all who ask, and asked for again
 * every few minutes.
 */
export class CloudRequirements implements AsyncDisposable {
  readonly #settings: Settings;
  readonly #state: PolicyState;
  readonly #lifetime = new AbortController();
  readonly #started: Promise<void>;
  #running: Promise<CloudPolicies> | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(settings: Settings) {
    this.#settings = settings;
    this.#state = new PolicyState(settings.onFailure === "open");
    this.#started = this.#run("startup").then(
      () => {},
      () => {},
    );
  }

  /**
   * Starts to load at once, without waiting for it.
   *
   * @throws TypeError for an option that cannot be.
   */
  static start(options: CloudRequirementsOptions): CloudRequirements {
    return new CloudRequirements(toSettings(options));
  }

  /**
   * Waits for the first load, and tells the policies in force: those of the last load that succeeded.
   *
   * @throws {@link CloudRequirementsError} of any code. The one who asked must then not go on as if there were no
   * policies. With `onFailure: "open"` only `Aborted` and `Closed`.
   */
  async load({ signal }: CallOptions = {}): Promise<CloudPolicies> {
    await waitFor(this.#started, signal, gaveUp);
    return this.#state.require();
  }

  /**
   * Asks the backend now, such as after a sign-in, and tells the policies. Those who ask while a load is under way
   * share it.
   *
   * @throws {@link CloudRequirementsError} of any code, also with `onFailure: "open"`. Policies that were in force stay
   * so, unless they are those of another login.
   */
  async refresh({ signal }: CallOptions = {}): Promise<CloudPolicies> {
    if (this.#lifetime.signal.aborted) throw closed(this.#settings);
    return await waitFor(this.#run("refresh"), signal, gaveUp);
  }

  /**
   * Yields policies that have taken the place of others. Ends when the signal fires, and on {@link
   * CloudRequirements.close}. A slow reader misses those in between, and never the last ones.
   */
  changes(signal?: AbortSignal): AsyncIterableIterator<CloudPolicies> {
    return this.#state.changes(signal);
  }

  /** Ends a load that is under way and asks for nothing any more. What has been loaded stays readable. */
  async close(): Promise<void> {
    this.#lifetime.abort();
    clearTimeout(this.#timer);
    this.#state.end();
    await this.#running?.catch(() => {});
    await this.#settings.cache.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #run(trigger: LoadTrigger): Promise<CloudPolicies> {
    this.#running ??= this.#load(trigger).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #load(trigger: LoadTrigger): Promise<CloudPolicies> {
    const { timeoutMs } = this.#settings;
    const startedAt = performance.now();
    const run: LoadRun = { trigger, owner: undefined };
    clearTimeout(this.#timer);
    try {
      const { policies, owner } = await withDeadline(
        timeoutMs,
        this.#lifetime.signal,
        (signal) => this.#loadForLogin(run, signal),
        () => timedOut(this.#settings),
      );
      this.#state.succeed(policies, owner);
      this.#report(trigger, startedAt, policies.bundle);
      if (policies.origin !== "none") this.#schedule();
      return policies;
    } catch (cause) {
      const error = this.#toError(cause);
      this.#state.fail(error, run.owner);
      this.#report(trigger, startedAt, undefined, error);
      this.#schedule();
      throw error;
    }
  }

  /** Loads until the policies are those of whoever is signed in when they are there. */
  async #loadForLogin(run: LoadRun, signal: AbortSignal): Promise<OwnedPolicies> {
    const { trigger } = run;
    for (let login = await eligibleLogin(this.#settings, signal); ; ) {
      run.owner = ownerOf(login);
      const loaded =
        login === undefined
          ? { policies: noPolicies, owner: run.owner }
          : await loadPolicies(this.#settings, { login, trigger, signal });
      login = await eligibleLogin(this.#settings, signal);
      if (ownerOf(login) === loaded.owner) return loaded;
    }
  }

  #report(
    trigger: LoadTrigger,
    startedAt: number,
    bundle: CloudPolicies["bundle"],
    error?: CloudRequirementsError,
  ): void {
    const outcome = error === undefined ? "success" : "error";
    const durationMs = performance.now() - startedAt;
    const { onLoad } = this.#settings.telemetry;
    onLoad({ trigger, outcome, bundleShape: bundleShape(bundle), durationMs, error });
  }

  #schedule(): void {
    const { refreshIntervalMs } = this.#settings;
    // A longer time is none to `setTimeout`, which would fire at once.
    if (this.#lifetime.signal.aborted || refreshIntervalMs >= 2 ** 31) return;
    this.#timer = setTimeout(() => {
      this.#run("refresh").catch(() => {});
    }, refreshIntervalMs);
    // It must not keep a program from ending.
    this.#timer.unref();
  }

  #toError(cause: unknown): CloudRequirementsError {
    if (isCloudRequirementsError(cause)) return cause;
    if (this.#lifetime.signal.aborted) return closed(this.#settings);
    const name = cause instanceof Error ? cause.name : typeof cause;
    return new CloudRequirementsError(`${this.#settings.endpoint.subject} load failed: ${name}`, {
      code: "Internal",
      endpoint: this.#settings.endpoint.path,
      cause,
    });
  }
}

function timedOut({ endpoint, timeoutMs }: Settings): CloudRequirementsError {
  return new CloudRequirementsError(`timed out waiting for ${endpoint.subject} after ${timeoutMs / 1000}s`, {
    code: "Timeout",
    endpoint: endpoint.path,
  });
}

function closed({ endpoint }: Settings): CloudRequirementsError {
  return new CloudRequirementsError(`waiting for ${endpoint.subject} ended: it was closed`, {
    code: "Closed",
    endpoint: endpoint.path,
  });
}

function gaveUp(reason: unknown): CloudRequirementsError {
  return new CloudRequirementsError("waiting for the policies was given up", {
    code: "Aborted",
    cause: reason,
  });
}
