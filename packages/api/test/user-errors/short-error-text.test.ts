import { expect, test } from "vitest";
import { type SandboxFacts, shortErrorText, UserError } from "../../src/index.js";

function sandbox(facts: Partial<SandboxFacts>): UserError {
  return new UserError({ kind: "sandbox", message: "denied", exitCode: 77, ...facts });
}

test.each([
  ["both streams as they came", { aggregatedOutput: "mixed", stdout: "out", stderr: "err" }, "mixed"],
  ["both streams joined", { stdout: "out", stderr: "err" }, "err\nout"],
  ["the output alone", { stdout: "out", stderr: "" }, "out"],
  ["the exit code without output", {}, "command failed inside sandbox with exit code 77"],
  [
    "the time that was too long",
    { timedOutAfterMs: 500, stdout: "out" },
    "error: command timed out after 500 ms",
  ],
])("of a command in its sandbox it shows %s", (_what, facts, text) => {
  expect(shortErrorText(sandbox(facts))).toBe(text);
});

test("of any other error it shows the text", () => {
  expect(shortErrorText(new UserError({ kind: "request_timeout" }))).toBe("request timed out");
});

test.each([
  ["a".repeat(2048), "a".repeat(2048)],
  ["a".repeat(2049), `${"a".repeat(1024)}…1 chars truncated…${"a".repeat(1024)}`],
  [
    `${"a".repeat(1023)}é${"b".repeat(3000)}é${"c".repeat(1023)}`,
    `${"a".repeat(1023)}…3002 chars truncated…${"c".repeat(1023)}`,
  ],
])("a long text is cut in the middle, between characters", (message, text) => {
  expect(shortErrorText(new UserError({ kind: "io", message }))).toBe(text);
});

test("the room may be smaller", () => {
  expect(shortErrorText(new UserError({ kind: "io", message: "0123456789" }), 4)).toBe(
    "01…6 chars truncated…89",
  );
});
