import { expect, test } from "vitest";
import * as backendClient from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(backendClient).sort()).toEqual([
    "AccountClient",
    "BackendClient",
    "BackendError",
    "WorkspaceRouter",
    "assistantError",
    "assistantMessages",
    "backendErrorText",
    "isBackendError",
    "normalizeBaseUrl",
    "parseTaskDetails",
    "pathSegment",
    "preferredRateLimit",
    "toRateLimitSnapshots",
    "unifiedDiff",
    "userPrompt",
  ]);
});
