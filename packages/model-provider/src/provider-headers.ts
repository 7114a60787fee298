import type { Environment } from "@codex-ts/client";

/** Headers of a provider, some of them from environment variables. Values may be keys, so it prints without them. */
export class ProviderHeaders {
  readonly #fixed: Readonly<Record<string, string>>;
  readonly #variables: Readonly<Record<string, string>>;

  /**
   * @param fixed - Header to value.
   * @param variables - Header to the name of the variable that holds its value.
   */
  constructor(
    fixed: Readonly<Record<string, string>> = {},
    variables: Readonly<Record<string, string>> = {},
  ) {
    this.#fixed = fixed;
    this.#variables = variables;
  }

  /**
   * Lists names and values; a later one replaces an earlier one of the same name. A variable that is not set, or blank,
   * gives no header; a value is not trimmed.
   */
  read(environment: Environment): Iterable<readonly [name: string, value: string]> {
    const fromVariables = Object.entries(this.#variables).flatMap(([name, variable]) => {
      const value = environment[variable];
      return value === undefined || value.trim() === "" ? [] : [[name, value] as const];
    });
    return new HeaderList([...Object.entries(this.#fixed), ...fromVariables]);
  }
}

/** An iterable that prints as nothing. */
class HeaderList implements Iterable<readonly [string, string]> {
  readonly #entries: readonly (readonly [string, string])[];

  constructor(entries: readonly (readonly [string, string])[]) {
    this.#entries = entries;
  }

  [Symbol.iterator](): Iterator<readonly [string, string]> {
    return this.#entries[Symbol.iterator]();
  }
}
