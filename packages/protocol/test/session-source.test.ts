import { expect, test } from "vitest";
import { type SessionSource, sessionSourceText, subagentLabel } from "../src/index.js";

test.each<[SessionSource, string, string | undefined]>([
  ["cli", "cli", undefined],
  ["vscode", "vscode", undefined],
  ["exec", "exec", undefined],
  ["mcp", "mcp", undefined],
  ["unknown", "unknown", undefined],
  [{ custom: "My Editor" }, "My Editor", undefined],
  [{ internal: "memory_consolidation" }, "internal_memory_consolidation", undefined],
  [{ subagent: "review" }, "subagent_review", "review"],
  [{ subagent: "compact" }, "subagent_compact", "compact"],
  [{ subagent: "memory_consolidation" }, "subagent_memory_consolidation", "memory_consolidation"],
  [
    { subagent: { thread_spawn: { parent_thread_id: "0199-a", depth: 2 } } },
    "subagent_thread_spawn_0199-a_d2",
    "collab_spawn",
  ],
  [{ subagent: { other: "guardian" } }, "subagent_guardian", "guardian"],
])("names %j", (source, text, label) => {
  expect(sessionSourceText(source)).toBe(text);
  expect(subagentLabel(source)).toBe(label);
});
