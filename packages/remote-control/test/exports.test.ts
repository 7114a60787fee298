import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "EnrollmentFiles",
    "RemoteControlError",
    "answerRemoteControlCall",
    "isRemoteControlError",
    "remoteControlMethods",
    "startRemoteControl",
    "takeStartup",
    "toTargets",
  ]);
});
