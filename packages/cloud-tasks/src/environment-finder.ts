import type { AuthSource } from "@codex-ts/auth-provider";
import type { BackendClient, CallOptions } from "@codex-ts/backend-client";
import type { CloudEnvironment } from "@codex-ts/protocol";
import { callBackend } from "./backend-failure.js";
import { CloudTasksError, isCloudTasksError } from "./cloud-tasks-error.js";
import {
  type FoundEnvironments,
  mergeEnvironments,
  pickEnvironment,
  type TaskEnvironment,
} from "./environments.js";
import type { GitHubRepository } from "./git-repositories.js";

/** Which environments are looked for first. */
export interface EnvironmentOptions extends CallOptions {
  /** Repositories whose environments come first; see {@link gitHubRepositories}. @defaultValue [] */
  readonly repositories?: readonly GitHubRepository[] | undefined;
}

/** Looks environments up, by repository and in all (spec/backend.md §6.2). */
export class EnvironmentFinder {
  readonly #backend: BackendClient;
  readonly #auth: AuthSource;

  constructor(backend: BackendClient, auth: AuthSource) {
    this.#backend = backend;
    this.#auth = auth;
  }

  /** The list of all may fail if one was found by repository. */
  async list({ repositories = [], ...options }: EnvironmentOptions): Promise<readonly TaskEnvironment[]> {
    const found = await this.#byRepository(repositories, options);
    try {
      found.push({ environments: await this.#all(options) });
    } catch (error) {
      if (!isPassable(error) || found.every(({ environments }) => environments.length === 0)) throw error;
    }
    return mergeEnvironments(found);
  }

  /** All are looked at only if no repository has one. */
  async detect(
    label: string | undefined,
    { repositories = [], ...options }: EnvironmentOptions,
  ): Promise<CloudEnvironment> {
    const found = (await this.#byRepository(repositories, options)).flatMap(
      ({ environments }) => environments,
    );
    const picked = pickEnvironment(found, label) ?? pickEnvironment(await this.#all(options), label);
    if (picked !== undefined) return picked;
    throw new CloudTasksError("no environments are available", { kind: "environment" });
  }

  /** Repositories that the backend does not answer for are passed over. */
  async #byRepository(
    repositories: readonly GitHubRepository[],
    options: CallOptions,
  ): Promise<FoundEnvironments[]> {
    const found: FoundEnvironments[] = [];
    for (const repository of repositories) {
      try {
        const environments = await this.#call(() =>
          this.#backend.listEnvironmentsByRepo(repository, options),
        );
        found.push({ environments, repository });
      } catch (error) {
        if (!isPassable(error)) throw error;
      }
    }
    return found;
  }

  #all(options: CallOptions): Promise<readonly CloudEnvironment[]> {
    return this.#call(() => this.#backend.listEnvironments(options));
  }

  #call<T>(call: () => Promise<T>): Promise<T> {
    return callBackend("list_environments", this.#auth, call);
  }
}

/** A failure to find one thing, and no reason to stop looking. */
function isPassable(error: unknown): boolean {
  return isCloudTasksError(error) && error.kind === "http";
}
