import { jsonReply } from "../reply.js";
import type { Route } from "./route.js";

/** `GET …/agent-identities/jwks`, below `wham` wherever the base is a `/backend-api`. */
export const jwksRoute: Route = {
  method: "GET",
  pattern: /^(?:\/backend-api(?:\/codex)?\/wham|\/api\/codex|)\/agent-identities\/jwks$/,
  auth: "own",
  handle: ({ state }) => jsonReply(200, state.jwtIssuer.jwks),
};
