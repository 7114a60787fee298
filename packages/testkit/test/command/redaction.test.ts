import { expect, test } from "vitest";
import { redactHeader } from "../../src/command/redaction.js";

test.each([
  ["Authorization", "Bearer sk-secret", "Bearer [redacted]"],
  ["authorization", "AgentAssertion c2VjcmV0", "AgentAssertion [redacted]"],
  ["authorization", "secret", "[redacted]"],
  ["authorization", "Custom secret", "[redacted]"],
  ["Cookie", "a=secret", "[redacted]"],
  ["x-openai-agent-assertion", "1.secret", "[redacted]"],
  ["Proxy-Authorization", "Basic c2VjcmV0", "Basic [redacted]"],
  ["chatgpt-account-id", "account-1", "account-1"],
  ["user-agent", "Bearer of news", "Bearer of news"],
])("shows %s: %s as %s", (name, value, shown) => {
  expect(redactHeader(name, value)).toBe(shown);
});
