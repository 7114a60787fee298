import { expect, test } from "vitest";
import { assistantMessages, unifiedDiff, userPrompt } from "../src/index.js";
import { startClient } from "./support/start-client.js";

const newTask = {
  new_task: { environment_id: "env-test", branch: "main", run_environment_in_qa_mode: false },
  input_items: [
    {
      type: "message",
      role: "user",
      content: [{ content_type: "text", text: "Fix the tests" }],
    },
  ],
} as const;

test("creates a task, sees it pending, and reads its diff when it is ready", async () => {
  const { backend, client } = await startClient();
  backend.cloud.pollsUntilReady = 1;
  const { id } = await client.createTask(newTask);
  const pending = await client.getTask(id);
  expect(pending.current_assistant_turn?.turn_status).toBe("in_progress");
  expect(unifiedDiff(pending)).toBeNull();
  const ready = await client.getTask(id);
  expect(ready.current_assistant_turn?.turn_status).toBe("completed");
  expect(unifiedDiff(ready)).toMatch(/^diff --git /);
  expect(assistantMessages(ready)).toEqual(["Attempt 1: Fix the tests"]);
  expect(userPrompt(ready)).toBe("Fix the tests");
  expect(backend.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /backend-api/wham/tasks",
    `GET /backend-api/wham/tasks/${id}`,
    `GET /backend-api/wham/tasks/${id}`,
  ]);
});
