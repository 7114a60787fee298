import { demandCredential } from "../credential-demand.js";
import { Refusal } from "../refusal.js";
import { remoteControlRoutes } from "../remote-control/routes.js";
import type { Reply } from "../reply.js";
import { accountRoutes } from "./account.js";
import { agentRegistrationRoute } from "./agent-registration.js";
import { cloudRoutes } from "./cloud-tasks.js";
import { compactRoute } from "./compact.js";
import { connectorsRoutes } from "./connectors.js";
import { createFileRoute, downloadFileRoute, finalizeFileRoute, uploadFileRoute } from "./files.js";
import { imageEditRoute, imageGenerationRoute } from "./images.js";
import { jwksRoute } from "./jwks.js";
import { managedConfigRoutes } from "./managed-config.js";
import { memoriesRoute } from "./memories.js";
import { modelsRoute } from "./models.js";
import { responsesRoute, webSocketRoute } from "./responses.js";
import type { Exchange, Route } from "./route.js";
import { searchRoute } from "./search.js";
import { taskRegistrationRoute } from "./task-registration.js";

const routes: readonly Route[] = [
  responsesRoute,
  webSocketRoute,
  modelsRoute,
  compactRoute,
  memoriesRoute,
  imageGenerationRoute,
  imageEditRoute,
  searchRoute,
  createFileRoute,
  uploadFileRoute,
  downloadFileRoute,
  finalizeFileRoute,
  agentRegistrationRoute,
  taskRegistrationRoute,
  jwksRoute,
  ...remoteControlRoutes,
  ...accountRoutes,
  ...cloudRoutes,
  ...managedConfigRoutes,
  ...connectorsRoutes,
];

/**
 * Finds the endpoint and lets it answer.
 *
 * @throws {@link Refusal} 404, 405, 401, and whatever the endpoint refuses.
 */
export async function route(exchange: Omit<Exchange, "params">): Promise<Reply> {
  const { request, state } = exchange;
  const candidates = routes.filter(({ pattern }) => pattern.test(request.path));
  if (candidates.length === 0)
    throw new Refusal(`No such endpoint: ${request.path}`, { status: 404, code: "not_found" });
  const found = candidates.find(({ method }) => method === request.method);
  if (found === undefined) {
    const allow = candidates.map(({ method }) => method).join(", ");
    throw new Refusal(`Use ${allow}`, { status: 405, code: "method_not_allowed", headers: { allow } });
  }
  if (found.auth === "required" && state.requireAuth) demandCredential(request.auth);
  const [, ...params] = found.pattern.exec(request.path) ?? [];
  return found.handle({ ...exchange, params });
}
