import { AppPolicy, accessibleConnectors } from "@codex-ts/connectors";
import { expect, test } from "vitest";
import { startClient } from "./support/start-client.js";

const accessible = accessibleConnectors([
  { server_name: "codex_apps", connector_id: "drive", connector_name: "Drive", plugin_display_names: ["p"] },
  { server_name: "codex_apps", connector_id: "unlisted", connector_name: "Unlisted" },
]);

test("marks what is accessible, decides what is enabled, and leaves out what the directory does not list", async () => {
  const { backend, client } = await startClient();
  backend.connectors.add({ id: "drive", name: "Files" });
  backend.connectors.add({ id: "calendar", name: "Calendar" });
  const policy = new AppPolicy({ config: { calendar: { enabled: false } } });
  expect(await client.listConnectors({ accessible, policy })).toMatchObject([
    { id: "drive", name: "Files", isAccessible: true, isEnabled: true, pluginDisplayNames: ["p"] },
    { id: "calendar", isAccessible: false, isEnabled: false },
  ]);
});

test("the accessible ones may still be on their way, and are waited for beside the directory", async () => {
  const { backend, client } = await startClient();
  backend.connectors.add({ id: "drive", name: "Files" });
  let arrive: (connectors: typeof accessible) => void = () => {};
  const promised = new Promise<typeof accessible>((resolve) => {
    arrive = resolve;
  });
  const listing = client.listConnectors({ accessible: promised, pluginAppIds: ["mail"] });
  await backend.waitForRequests(1);
  arrive(accessible);
  expect(await listing).toMatchObject([
    { id: "drive", isAccessible: true },
    { id: "mail", isAccessible: false },
  ]);
});

test("what cannot be found out fails the listing", async () => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "status", status: 500, path: "/list" });
  await expect(client.listConnectors({ accessible })).rejects.toMatchObject({ kind: "status", status: 500 });
  const failure = new Error("no tools");
  await expect(client.listConnectors({ accessible: Promise.reject(failure) })).rejects.toBe(failure);
});
