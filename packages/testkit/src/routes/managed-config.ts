import { jsonReply } from "../reply.js";
import { codexRoute } from "./codex-route.js";
import type { Route } from "./route.js";

/** What a workspace prescribes: as bundle, and in the form of April 2026. */
export const managedConfigRoutes: readonly Route[] = [
  codexRoute("GET", "config/bundle", ({ state }) => jsonReply(200, state.managedConfig.bundle)),
  codexRoute("GET", "config/requirements", ({ state }) => jsonReply(200, state.managedConfig.requirements)),
];
