import { jsonReply, type Reply } from "../reply.js";
import { authorize } from "./authorize-route.js";
import { deviceToken, deviceUserCode } from "./device-routes.js";
import type { IssuerState } from "./issuer-state.js";
import type { RecordedOAuthRequest } from "./oauth-request.js";
import { revoke } from "./revoke-route.js";
import { token } from "./token-route.js";
import { whoami } from "./whoami-route.js";

/** Answers one request. What it does to tokens has happened when it returns. */
type OAuthRoute = (request: RecordedOAuthRequest, state: IssuerState) => Reply;

const routes: readonly (readonly [method: string, path: RegExp, route: OAuthRoute])[] = [
  ["POST", /^\/oauth\/token$/, token],
  ["POST", /^\/oauth\/revoke$/, revoke],
  ["GET", /^\/oauth\/authorize$/, authorize],
  ["GET", /^(?:\/api\/accounts)?\/v1\/user-auth-credential\/whoami$/, whoami],
  ["POST", /^\/api\/accounts\/deviceauth\/usercode$/, deviceUserCode],
  ["POST", /^\/api\/accounts\/deviceauth\/token$/, deviceToken],
  ["GET", /^\/\.well-known\/jwks\.json$/, (_request, { minter }) => jsonReply(200, minter.jwks)],
];

/** Finds the endpoint and lets it answer. */
export function routeOAuth(request: RecordedOAuthRequest, state: IssuerState): Reply {
  const found = routes.find(([method, path]) => method === request.method && path.test(request.path));
  if (found === undefined) return jsonReply(404, { error: { message: `No such endpoint: ${request.path}` } });
  const [, , handle] = found;
  try {
    return handle(request, state);
  } catch (error) {
    if (error instanceof SyntaxError) return jsonReply(400, { error: "invalid_request" });
    throw error;
  }
}
