import { expect, test } from "vitest";
import * as api from "../src/index.js";
import * as schemas from "../src/schemas/index.js";
import { loadJson } from "./support/load-json.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "ProtocolError",
    "agentMessageText",
    "authModes",
    "clearItemMetadata",
    "createTextParam",
    "isAuthMode",
    "isBusinessPlan",
    "isKnownPlanType",
    "isProtocolError",
    "isTeamPlan",
    "isWorkspacePlan",
    "itemId",
    "mcpErrorResult",
    "mcpToolResultToOutput",
    "parsePlanClaim",
    "parsePlanType",
    "parseRawPlan",
    "parseReasoningEffort",
    "parseResponseItem",
    "parseToolOutput",
    "planDisplayName",
    "planTypes",
    "rateLimitReachedTypes",
    "sessionSourceText",
    "stampTurnId",
    "subagentLabel",
    "toAccountRateLimits",
    "toResponseItem",
    "toWireItem",
    "toolOutputText",
    "userMessage",
    "withItemId",
  ]);
});

test("exports exactly the schemas that the README lists", () => {
  expect(Object.keys(schemas).sort()).toEqual([
    "accountReadParamsSchema",
    "accountReadResultSchema",
    "accountUpdatedSchema",
    "accountUsageResultSchema",
    "accountsCheckSchema",
    "appInfoSchema",
    "appsBatchResponseSchema",
    "authTokensRefreshParamsSchema",
    "authTokensRefreshResultSchema",
    "backendUsageSchema",
    "cloudEnvironmentsSchema",
    "codexAppsServerInfoFileSchema",
    "codexAppsToolsFileSchema",
    "configBundleCacheSchema",
    "configBundleSchema",
    "configRequirementsCacheSchema",
    "configRequirementsSchema",
    "consumedResetCreditSchema",
    "createdFileSchema",
    "creditsNudgeParamsSchema",
    "creditsNudgeResultSchema",
    "directoryCacheSchema",
    "directoryPageSchema",
    "finalizedFileSchema",
    "imageResponseSchema",
    "loginCompletedSchema",
    "managedRequirementsSchema",
    "mcpCallResultSchema",
    "mcpServerInfoSchema",
    "mcpToolsPageSchema",
    "memoriesResponseSchema",
    "modelInfoSchema",
    "modelProviderTableSchema",
    "modelsCacheFileSchema",
    "modelsResponseSchema",
    "rateLimitsReadResultSchema",
    "rateLimitsUpdatedSchema",
    "remoteControlClientListParamsSchema",
    "remoteControlClientListSchema",
    "remoteControlClientRevokeParamsSchema",
    "remoteControlEnrollmentRowSchema",
    "remoteControlEnrollmentSchema",
    "remoteControlPairingSchema",
    "remoteControlPairingStartParamsSchema",
    "remoteControlPairingStatusParamsSchema",
    "remoteControlPairingStatusSchema",
    "remoteControlToggleParamsSchema",
    "resetCreditConsumeParamsSchema",
    "resetCreditConsumeResultSchema",
    "resetCreditListSchema",
    "responseItemSchema",
    "searchResponseSchema",
    "siblingTurnsSchema",
    "taskDetailsSchema",
    "taskPageSchema",
    "threadUsageListSchema",
    "tokenUsageProfileSchema",
    "userSettingsSchema",
    "workspaceMessageListSchema",
    "workspaceMessagesResultSchema",
    "workspaceSettingsSchema",
  ]);
});

test("publishes the JSON schema as a file", () => {
  const manifest = loadJson<{
    readonly files: readonly string[];
    readonly exports: object;
    readonly publishConfig: { readonly exports: object };
  }>("package.json");
  const path = "./schema/account-updated.json";
  expect(manifest.exports).toHaveProperty([path], path);
  expect(manifest.publishConfig.exports).toHaveProperty([path], path);
  expect(manifest.files).toContain("schema");
});
