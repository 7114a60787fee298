import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "ApiError",
    "CompactClient",
    "FilesClient",
    "ImagesClient",
    "MemoriesClient",
    "ModelsClient",
    "ResponsesClient",
    "ResponsesWebSocketClient",
    "SearchClient",
    "TurnState",
    "UserError",
    "apiErrorText",
    "codexErrorInfo",
    "errorDebugContext",
    "errorTelemetryText",
    "isApiError",
    "isAzureProvider",
    "isRetryableUserError",
    "isUserError",
    "parsePromoMessage",
    "parseRateLimitEvent",
    "parseRateLimitFor",
    "parseRateLimits",
    "parseReachedType",
    "providerUrl",
    "shortErrorText",
    "toErrorEvent",
    "toUserError",
  ]);
});
