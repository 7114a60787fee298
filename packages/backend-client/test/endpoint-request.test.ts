import { expect, test } from "vitest";
import { pathSegment } from "../src/index.js";
import { startClient } from "./support/start-client.js";

const settings = { method: "GET", path: "accounts/account-test/settings" } as const;

test.each(["chatgpt", "codex-api"] as const)(
  "with paths of style %s, an endpoint is below the base URL itself",
  async (pathStyle) => {
    const { backend, client } = await startClient({
      pathStyle,
      headers: { "X-Mine": "client", accept: "a/b" },
    });
    backend.connectors.setWorkspaceSettings("account-test", { beta_settings: { x: true } });
    const answer = await client.request(
      { ...settings, path: `${settings.path}?q=1`, headers: { "x-mine": "call" } },
      ({ workspaceSettingsSchema }) => workspaceSettingsSchema,
    );
    expect(answer).toEqual({ beta_settings: { x: true } });
    const [request] = backend.requests;
    expect(request).toMatchObject({ method: "GET", path: "/backend-api/accounts/account-test/settings" });
    expect(String(request?.query)).toBe("q=1");
    expect(request?.headers).toMatchObject({
      "x-mine": "call",
      accept: "a/b",
      authorization: expect.stringMatching(/^Bearer ./),
    });
  },
);

test("an endpoint gets JSON, and what it answers is checked", async () => {
  const { backend, client } = await startClient();
  const request = {
    method: "POST",
    path: "ps/apps/batch",
    json: { app_ids: ["x"], include_tools: true },
  } as const;
  const ask = () => client.request(request, ({ appsBatchResponseSchema }) => appsBatchResponseSchema);
  expect(await ask()).toEqual({ apps: [] });
  expect(backend.requests[0]?.json()).toEqual(request.json);
  backend.fault({ kind: "status", status: 200, path: "/batch", body: '{"apps":1}' });
  await expect(ask()).rejects.toMatchObject({ name: "BackendError", kind: "decode" });
});

test("the query is in no error", async () => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "status", status: 500, path: "/settings" });
  const asking = client.request(
    { ...settings, path: `${settings.path}?secret` },
    ({ workspaceSettingsSchema }) => workspaceSettingsSchema,
  );
  await expect(asking).rejects.toMatchObject({
    kind: "status",
    message: expect.not.stringContaining("secret"),
  });
});

test("an id is encoded byte by byte, in upper case", () => {
  expect(pathSegment("id", "a-z.9_~ /*'ü")).toBe("a-z.9_~%20%2F%2A%27%C3%BC");
});
