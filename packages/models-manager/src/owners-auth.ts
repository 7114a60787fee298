import {
  AuthError,
  type AuthProvider,
  type AuthSnapshot,
  type AuthSource,
  applyAuth,
} from "@codex-ts/auth-provider";

/**
 * Signs with the newest login as long as it is the one that a list is fetched for. After somebody else has signed in
 * nothing is sent: the list would be taken for the first one's.
 */
export function ownersAuth(
  auth: AuthSource,
  isOwner: (login: AuthSnapshot | undefined) => boolean,
): AuthProvider {
  return {
    addAuthHeaders() {
      throw new AuthError("whose credential it is can only be asked asynchronously", { kind: "build" });
    },
    async applyAuth(request) {
      const login = await auth.current();
      if (!isOwner(login))
        throw new AuthError("somebody else signed in while the models were fetched", { kind: "build" });
      return await applyAuth(login?.provider ?? auth.provider, request);
    },
    recover: async (rejection) => (await auth.provider.recover?.(rejection)) === true,
  };
}
