import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "McpAppsError",
    "codexAppsServer",
    "codexAppsServerUrl",
    "connectCodexApps",
    "createCodexAppsFetch",
    "isCodexAppsServer",
    "isMcpAppsError",
    "startupErrorText",
    "toModelTools",
    "toToolInfo",
    "uploadFileArguments",
    "withCodexApps",
  ]);
});
