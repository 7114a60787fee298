import { readLoginEnvironment } from "../environment.js";
import { codexCliHome } from "../home.js";
import { AuthManager, type AuthManagerOptions } from "./auth-manager.js";

/** Settings of {@link openCodexCliLogin}. */
export interface CodexCliLoginOptions extends Omit<AuthManagerOptions, "home" | "readOnly"> {
  /**
   * Refreshes and writes the login of the Codex CLI as if it were ours. Versions of the CLI that do not know our lock
   * may refresh at the same moment, and then one of the two is signed out.
   *
   * @defaultValue false
   */
  readonly share?: boolean | undefined;
}

/**
 * Opens the login of the Codex CLI, in `CODEX_HOME` or else `~/.codex`. Credentials of the environment do not count.
 *
 * Unless it is shared, it is only ever read: it follows what the CLI stores, and once its access token has expired,
 * using it is an error that says how to go on.
 *
 * @throws {@link LoginError} as {@link AuthManager.open}.
 */
export async function openCodexCliLogin(options: CodexCliLoginOptions = {}): Promise<AuthManager> {
  const { share = false, environment = readLoginEnvironment(), ...rest } = options;
  return await AuthManager.open({
    ...rest,
    home: await codexCliHome(environment),
    environment: { ...environment, apiKey: undefined, accessToken: undefined },
    readOnly: !share,
  });
}
