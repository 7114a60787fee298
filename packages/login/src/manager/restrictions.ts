import { isDeepStrictEqual } from "node:util";
import { isLoginError, LoginError } from "../login-error.js";
import { type LoginContext, type LoginOptions, withLoginContext } from "../logins/login-context.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { CodexAuth } from "../modes/codex-auth.js";
import { LoginPolicy } from "../policy/login-policy.js";
import type { AuthJson } from "../storage/auth-json.js";
import { loadLogin } from "./load-login.js";

/**
 * Checks at the start of a program that the login is one that the configuration allows, `CODEX_API_KEY` included.
 * One that is not is removed, without revoking its tokens.
 *
 * An {@link AuthManager} refuses such a login by itself; this is for programs that want it gone.
 *
 * @throws {@link LoginError} of kind `restricted` when the login was removed; as {@link AuthManager.current} when it
 * cannot be loaded.
 */
export function enforceLoginRestrictions(options: LoginOptions): Promise<void> {
  return withLoginContext(options, async (context) => {
    const anything = new LoginPolicy();
    const judged = await context.storage.load();
    const auth = await loadLogin(context, { allowApiKeyEnvironment: true, policy: anything });
    const violation = auth === undefined ? undefined : findViolation(auth, context.policy);
    if (violation !== undefined) await removeAndFail(context, judged, `${violation} Logging out.`);
  });
}

function findViolation(auth: CodexAuth, policy: LoginPolicy): string | undefined {
  if (!policy.allowsMode(auth.mode)) return policy.methodRefusal();
  if (policy.workspaces.length === 0 || auth.isApiKeyAuth || auth.mode === "bedrockApiKey") return undefined;
  const workspace = auth instanceof ChatgptAuth ? auth.claimedAccountId : auth.accountId;
  const restricted = `Login is restricted to workspace(s) ${policy.workspaceList()}, but current credentials`;
  if (workspace === undefined) return `${restricted} lack a workspace identifier.`;
  const ids = auth instanceof ChatgptAuth ? [workspace, auth.accountId] : [workspace];
  const foreign = ids.find((id) => !policy.allowsWorkspaces([id]));
  return foreign === undefined ? undefined : `${restricted} belong to ${foreign}.`;
}

async function removeAndFail(
  { ephemeral, storage, locked }: LoginContext,
  judged: AuthJson | undefined,
  message: string,
): Promise<never> {
  try {
    await locked(async () => {
      await ephemeral.delete();
      // Somebody may have signed in again meanwhile, with a login that is allowed.
      if (isDeepStrictEqual(await storage.load(), judged)) await storage.delete();
    });
  } catch (error) {
    if (!isLoginError(error)) throw error;
    throw new LoginError(`${message} It could not be removed: ${error.message}`, {
      kind: "restricted",
      cause: error,
    });
  }
  throw new LoginError(message, { kind: "restricted" });
}
