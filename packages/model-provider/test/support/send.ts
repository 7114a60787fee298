import { ModelsClient } from "@codex-ts/api";
import type { ReceivedRequest } from "@codex-ts/testkit";
import type { ModelProvider, ProviderAuthScope, ResolveOptions } from "../../src/index.js";
import { resolveProviderAuth } from "../../src/index.js";
import type { World } from "./world.js";

/** Sends one request to a provider and gives what arrived. */
export async function send(
  { backend, transport }: World,
  provider: ModelProvider,
  scope: ProviderAuthScope,
  options: ResolveOptions = {},
): Promise<ReceivedRequest> {
  const resolved = await resolveProviderAuth(provider, scope, options);
  await new ModelsClient({ transport, provider: resolved.provider, auth: resolved.auth }).list({
    clientVersion: "1.2.3",
  });
  const request = backend.requests.at(-1);
  if (request === undefined) throw new Error("nothing arrived");
  return request;
}

/** Everything that arrived, as one text. */
export function everythingReceived({ backend }: World): string {
  return backend.requests
    .map(({ method, path, query, rawHeaders, body }) => [method, path, query, rawHeaders, body].join("\n"))
    .join("\n");
}
