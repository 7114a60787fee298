import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "ModelProviderError",
    "ProviderAuthScope",
    "ProviderHeaders",
    "bedrockUserMessage",
    "builtInProviders",
    "checkProviderTable",
    "createProviderModels",
    "isModelProviderError",
    "providerAuthSource",
    "providerTraits",
    "readProviderAccount",
    "readProviderEnvironment",
    "readProviders",
    "resolveProvider",
    "resolveProviderAuth",
    "supportsAttestation",
    "toApiProvider",
  ]);
});
