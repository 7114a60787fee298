import { expect, test } from "vitest";
import { CloudRequirementsError, isCloudRequirementsError, toJsonRpcError } from "../src/index.js";

test("a login to be renewed is told with what to do", () => {
  const error = new CloudRequirementsError("Please log out.", { code: "Auth", status: 401 });
  expect(toJsonRpcError(error)).toStrictEqual({
    code: -32600,
    message: "failed to load configuration: Please log out.",
    data: {
      reason: "cloudConfigBundle",
      errorCode: "Auth",
      detail: "Please log out.",
      statusCode: 401,
      action: "relogin",
    },
  });
});

test.each(["Timeout", "RequestFailed", "InvalidBundle", "Internal"] as const)("%s has no action", (code) => {
  const cause = new CloudRequirementsError("detail", { code });
  expect(toJsonRpcError(new Error("outer", { cause: new Error("inner", { cause }) }))).toStrictEqual({
    code: -32600,
    message: "failed to load configuration: outer",
    data: { reason: "cloudConfigBundle", errorCode: code, detail: "detail" },
  });
});

test("the endpoint of April 2026 has a reason of its own", () => {
  const error = new CloudRequirementsError("x", { code: "Parse", endpoint: "config/requirements" });
  expect(toJsonRpcError(error).data).toStrictEqual({
    reason: "cloudRequirements",
    errorCode: "Parse",
    detail: "x",
  });
});

test("other errors have no data, in whatever way they are chained", () => {
  const circle: Error & { cause?: unknown } = new Error("round");
  circle.cause = circle;
  const own = new CloudRequirementsError("x", { code: "Aborted" });
  for (const error of [new Error("no file"), circle, "text", undefined, own])
    expect(toJsonRpcError(error)).not.toHaveProperty("data");
  expect(toJsonRpcError("text").message).toBe("failed to load configuration: text");
});

test("errors of another copy of this package are known by their brand", () => {
  const foreign = { [Symbol.for("@codex-ts/cloud-requirements.CloudRequirementsError")]: true };
  expect([foreign, new Error("x"), null, "x"].map(isCloudRequirementsError)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
