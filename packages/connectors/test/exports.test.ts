import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "AppPolicy",
    "ConnectorSnapshot",
    "ConnectorsError",
    "accessibleConnectors",
    "accountCacheKey",
    "accountCachePath",
    "cacheKeyJson",
    "codexAppsServerName",
    "connectorCategory",
    "connectorInstallUrl",
    "connectorSlug",
    "connectorsForPluginApps",
    "directoryCacheKey",
    "directoryCachePath",
    "isConnectorsError",
    "mergeAccessibleConnectors",
    "mergeAccessiblePluginConnectors",
    "mergePluginConnectors",
    "parsePluginApps",
    "sanitizeConnectorName",
    "suggestCandidateIds",
    "suggestConnectors",
    "toDirectoryConnectors",
  ]);
});
