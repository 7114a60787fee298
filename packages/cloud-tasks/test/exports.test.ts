import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "CloudTasksClient",
    "CloudTasksError",
    "chooseGitRef",
    "cloudTasksErrorText",
    "countDiff",
    "formatTask",
    "formatTaskList",
    "gitHubRepositories",
    "isCloudTasksError",
    "isUnifiedDiff",
    "parseAttempts",
    "parseGitHubRemote",
    "parseLimit",
    "parseTaskId",
    "readCloudTasksEnvironment",
    "resolveGitRef",
    "selectAttempt",
    "taskUrl",
    "toTaskListJson",
  ]);
});

test("knows its errors across duplicate installs, and keeps bodies out of logs", () => {
  const error = new api.CloudTasksError("refused", { kind: "http", status: 500, body: "private" });
  expect(api.isCloudTasksError(error)).toBe(true);
  expect(api.isCloudTasksError({ [Symbol.for("@codex-ts/cloud-tasks.CloudTasksError")]: true })).toBe(true);
  expect(api.isCloudTasksError(new Error("refused"))).toBe(false);
  expect(JSON.stringify(error)).toBe('{"name":"CloudTasksError","kind":"http","status":500}');
  expect(api.cloudTasksErrorText(error)).toBe("http error: refused; content-type=; body=private");
});
