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

  /** Lists the headers, values included. A variable that is not set or blank gives none; else its value is not trimmed. */
  read(environment: Environment): [name: string, value: string][] {
    const fromVariables = Object.entries(this.#variables).flatMap(([name, variable]) => {
      const value = environment[variable];
      return value === undefined || value.trim() === "" ? [] : [[name, value] as [string, string]];
    });
    return [...Object.entries(this.#fixed), ...fromVariables];
  }
}
