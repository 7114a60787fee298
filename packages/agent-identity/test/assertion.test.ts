import { expect, test, vi } from "vitest";
import { registrationProof } from "../src/assertion.js";
import { AgentKey, agentAssertion } from "../src/index.js";
import { thrownBy } from "./support/errors.js";
import { vectors } from "./support/vectors.js";

const key = AgentKey.fromPkcs8Base64(vectors.key.pkcs8_version_2);
const target = { agentRuntimeId: "agent-123", taskId: "task-123" };
const now = new Date("2026-04-23T00:00:00Z");

test.each(vectors.assertions)("makes the header of the vector: $name", (vector) => {
  const header = agentAssertion(
    key,
    { agentRuntimeId: vector.agent_runtime_id, taskId: vector.task_id },
    new Date(vector.timestamp),
  );
  expect(header).toBe(vector.header);
});

test("writes the envelope compactly, with sorted members", () => {
  const [, payload = ""] = agentAssertion(key, target, now).split(" ");
  expect(Buffer.from(payload, "base64url").toString()).toBe(vectors.assertions[0]?.envelope);
});

test("cuts the timestamp to whole seconds", () => {
  const lastMillisecond = new Date("2026-04-23T00:00:00.999Z");
  expect(agentAssertion(key, target, lastMillisecond)).toBe(agentAssertion(key, target, now));
  expect(agentAssertion(key, target, new Date("2026-04-23T00:00:01Z"))).not.toBe(
    agentAssertion(key, target, now),
  );
});

test("signs once for a second, a task and an agent", () => {
  const fresh = AgentKey.fromPkcs8Base64(vectors.key.pkcs8_version_2);
  const sign = vi.spyOn(fresh, "sign");
  const at = (iso: string, change: Partial<typeof target> = {}) =>
    agentAssertion(fresh, { ...target, ...change }, new Date(iso));

  const first = at("2026-04-23T00:00:00.000Z");
  expect(at("2026-04-23T00:00:00.500Z")).toBe(first);
  expect(sign).toHaveBeenCalledTimes(1);

  at("2026-04-23T00:00:00.600Z", { taskId: "task-456" });
  at("2026-04-23T00:00:00.700Z", { taskId: "task-456", agentRuntimeId: "agent-456" });
  at("2026-04-23T00:00:01.000Z", { taskId: "task-456", agentRuntimeId: "agent-456" });
  expect(sign).toHaveBeenCalledTimes(4);
});

test("takes a key with the agent that it belongs to", () => {
  const signer = { key, agentRuntimeId: "agent-123" };
  expect(agentAssertion(signer, target, now)).toBe(vectors.assertions[0]?.header);
});

test("refuses a task of another agent", () => {
  const { stored, target: foreign, error } = vectors.runtime_mismatch;
  const signer = { key, agentRuntimeId: stored };
  expect(thrownBy(() => agentAssertion(signer, { ...target, agentRuntimeId: foreign }, now))).toMatchObject({
    message: error,
    kind: "runtime_mismatch",
  });
});

test("refuses an id that is not well-formed Unicode, and an instant that is none", () => {
  expect(thrownBy(() => agentAssertion(key, { ...target, taskId: "task-\ud800" }, now))).toMatchObject({
    message: "an agent identity id is not well-formed Unicode",
    kind: "signing",
  });
  expect(thrownBy(() => agentAssertion(key, target, new Date(Number.NaN)))).toMatchObject({
    message: "the clock shows no valid time to sign",
    kind: "signing",
  });
});

test("signs the current time when none is given", () => {
  const before = Math.floor(Date.now() / 1000);
  const [, payload = ""] = agentAssertion(key, target).split(" ");
  const { timestamp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { timestamp: string };
  expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(Date.parse(timestamp) / 1000).toBeGreaterThanOrEqual(before);
  expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.now());
});

test("signs a registration for agent and second", () => {
  const { agent_runtime_id: id, timestamp, body } = vectors.task_registration;
  expect(JSON.stringify(registrationProof(key, id, Date.parse(timestamp) + 999))).toBe(body);
});
