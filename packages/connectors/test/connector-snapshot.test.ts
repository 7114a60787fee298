import { expect, test } from "vitest";
import { ConnectorSnapshot } from "../src/index.js";

const mail = { pluginId: "p1", displayName: "Zed", connectorIds: ["mail", " ", "calendar", "mail", ""] };

test("sources without ids are left out, ids keep their order, names are sorted and there once", () => {
  const snapshot = new ConnectorSnapshot([
    { pluginId: "p0", displayName: "Nothing", connectorIds: ["  "] },
    mail,
    { pluginId: "p2", displayName: "Alpha", connectorIds: ["drive", "mail"] },
    { pluginId: "p3", displayName: "Alpha", connectorIds: ["mail"] },
  ]);
  expect(snapshot.sources).toStrictEqual([
    { ...mail, connectorIds: ["mail", "calendar"] },
    { pluginId: "p2", displayName: "Alpha", connectorIds: ["drive", "mail"] },
    { pluginId: "p3", displayName: "Alpha", connectorIds: ["mail"] },
  ]);
  expect(snapshot.connectorIds).toEqual(["mail", "calendar", "drive"]);
  expect(snapshot.pluginDisplayNames("mail")).toEqual(["Alpha", "Zed"]);
  expect(snapshot.pluginDisplayNames("calendar")).toEqual(["Zed"]);
});

test("an unknown id has no plugin", () => {
  expect(new ConnectorSnapshot([mail]).pluginDisplayNames("constructor")).toEqual([]);
});

test("two snapshots make one", () => {
  const other = new ConnectorSnapshot([
    { pluginId: "p2", displayName: "Alpha", connectorIds: ["x", "mail"] },
  ]);
  const merged = new ConnectorSnapshot([mail]).mergedWith(other);
  expect(merged.connectorIds).toEqual(["mail", "calendar", "x"]);
  expect(merged.pluginDisplayNames("mail")).toEqual(["Alpha", "Zed"]);
});
