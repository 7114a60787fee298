import { expect, test } from "vitest";
import { parseArguments } from "../../src/command/arguments.js";

test("has defaults", () => {
  expect(parseArguments([])).toEqual({
    port: 0,
    apiKeys: undefined,
    agentOut: undefined,
    isSealed: false,
    isHttpOnly: false,
    isVerbose: false,
    isJson: false,
    wantsHelp: false,
  });
});

test("reads every option", () => {
  const args = "--port 80 --api-key a --api-key=b --agent-out f --sealed --http-only --verbose --json --help";
  expect(parseArguments(args.split(" "))).toEqual({
    port: 80,
    apiKeys: ["a", "b"],
    agentOut: "f",
    isSealed: true,
    isHttpOnly: true,
    isVerbose: true,
    isJson: true,
    wantsHelp: true,
  });
});

test.each([["--prot"], ["extra"], ["--port", "http"], ["--port", "65536"], ["--port", ""], ["--api-key"]])(
  "refuses %s %s",
  (...args) => {
    expect(() => parseArguments(args)).toThrow(TypeError);
  },
);
