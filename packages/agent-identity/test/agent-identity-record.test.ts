import { inspect } from "node:util";
import { expect, test } from "vitest";
import { parseAgentIdentityRecord, toStoredAgentIdentityRecord } from "../src/index.js";
import { thrownBy } from "./support/errors.js";
import { vectors } from "./support/vectors.js";

const stored = {
  agent_runtime_id: "agent-123",
  agent_private_key: vectors.key.pkcs8_version_2,
  account_id: "account-123",
  chatgpt_user_id: "user-123",
  email: "agent@example.com",
  plan_type: "business",
  chatgpt_account_is_fedramp: false,
  task_id: "task-123",
};

test("reads a stored record and writes it the same", () => {
  const record = parseAgentIdentityRecord({ ...stored, added_later: true });
  expect(record).toEqual(stored);
  expect(JSON.stringify(toStoredAgentIdentityRecord(record))).toBe(JSON.stringify(stored));
});

test.each(["", null, undefined])("takes an email of %j for none, and writes an empty text", (email) => {
  const record = parseAgentIdentityRecord({ ...stored, email });
  expect(record.email).toBeNull();
  expect(toStoredAgentIdentityRecord(record)).toMatchObject({ email: "" });
});

test.each([null, undefined])("leaves out a task of %j", (taskId) => {
  const record = parseAgentIdentityRecord({ ...stored, task_id: taskId });
  expect(record.task_id).toBeNull();
  expect(toStoredAgentIdentityRecord(record)).not.toHaveProperty("task_id");
});

test.each(["hc", "Business", "ent26"])("takes the plan %s for unknown", (plan) => {
  expect(parseAgentIdentityRecord({ ...stored, plan_type: plan }).plan_type).toBe("unknown");
});

test.each(["agent_runtime_id", "agent_private_key", "account_id", "chatgpt_user_id", "plan_type"])(
  "refuses a record without %s, and names it",
  (name) => {
    expect(thrownBy(() => parseAgentIdentityRecord({ ...stored, [name]: undefined }))).toMatchObject({
      message: `"${name}" of the agent identity record must be a string`,
      kind: "invalid_record",
    });
  },
);

test.each([
  ["chatgpt_account_is_fedramp", "no", "a boolean"],
  ["email", 1, "a string or null"],
  ["task_id", 1, "a string or null"],
])("refuses %s of %j", (name, value, expected) => {
  expect(thrownBy(() => parseAgentIdentityRecord({ ...stored, [name]: value })).message).toBe(
    `"${name}" of the agent identity record must be ${expected}`,
  );
});

test.each([null, "text", []])("refuses %j", (value) => {
  expect(thrownBy(() => parseAgentIdentityRecord(value)).message).toBe(
    "the agent identity record must be an object",
  );
});

test("prints without the private key, and is complete as JSON", () => {
  const record = parseAgentIdentityRecord(stored);
  expect(inspect({ record })).not.toContain(stored.agent_private_key);
  expect(JSON.parse(JSON.stringify(record))).toEqual(stored);
});
