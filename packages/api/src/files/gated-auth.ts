import {
  AuthError,
  type AuthProvider,
  type AuthSource,
  applyAuth,
  type OutboundRequest,
} from "@codex-ts/auth-provider";
import { authRequired } from "./file-error.js";

/** Tells whether the login of this moment may upload files. */
export async function mayUpload(source: AuthSource, signal: AbortSignal | undefined): Promise<boolean> {
  return (await source.current(signal))?.usesCodexBackend === true;
}

/** Signs with the newest login, each time anew, if it is one that may upload files. With any other nothing is sent. */
export function gatedAuth(source: AuthSource): AuthProvider {
  return {
    addAuthHeaders() {
      // Which login it is can only be asked asynchronously.
      throw new AuthError(authRequired, { kind: "build" });
    },
    async applyAuth(request: OutboundRequest): Promise<OutboundRequest> {
      const login = await source.current();
      if (login?.usesCodexBackend !== true) throw new AuthError(authRequired, { kind: "build" });
      return applyAuth(login.provider, request);
    },
    recover: async (rejection) => (await source.provider.recover?.(rejection)) === true,
  };
}
