import { createTransport } from "@codex-ts/client";
import { MockAgent } from "undici";
import { onTestFinished } from "vitest";
import { BackendClient, type BackendClientOptions } from "../../src/index.js";
import { TestLogin } from "./test-login.js";

/** A client of any host, whose requests are recorded and answered with an empty object in place of being sent. */
export function recordingClient(options: Omit<BackendClientOptions, "auth" | "transport">): {
  readonly client: BackendClient;
  /** `GET https://host/path?query`, one for each request. */
  readonly sent: readonly string[];
} {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const sent: string[] = [];
  const { origin } = new URL(options.baseUrl);
  for (const method of ["GET", "POST"])
    agent
      .get(origin)
      .intercept({ path: () => true, method })
      .reply(200, ({ path }) => {
        sent.push(`${method} ${origin}${path}`);
        return "{}";
      })
      .persist();
  const transport = createTransport({ dispatcher: agent, env: {} });
  onTestFinished(() => transport.close());
  const login = { transport, auth: new TestLogin(), allowedOrigins: [origin] };
  return { client: new BackendClient({ ...login, ...options }), sent };
}
