import { expect, test } from "vitest";
import { type MetadataFacts, turnMetadataJson, withoutReservedKeys } from "../src/request/turn-metadata.js";

const identity = {
  installationId: "i",
  sessionId: "s",
  threadId: "t",
  parentThreadId: undefined,
  forkedFromThreadId: undefined,
  sessionSource: "cli",
  threadSource: undefined,
  sandbox: undefined,
  originator: undefined,
} as const;

const facts: MetadataFacts = {
  identity,
  turn: { turnId: "u", startedAtMs: undefined, workspaces: undefined, extras: {} },
  windowId: "t:0",
  kind: "turn",
};

test("of a memory has nothing that identifies anybody", () => {
  expect(turnMetadataJson({ ...facts, kind: "memory" })).toBe('{"request_kind":"memory"}');
});

test("has its members in order, and what the caller adds behind them, sorted", () => {
  const text = turnMetadataJson({
    ...facts,
    identity: {
      ...identity,
      forkedFromThreadId: "f",
      parentThreadId: "p",
      threadSource: "user",
      sandbox: "none",
    },
    turn: {
      turnId: "u",
      startedAtMs: 5,
      workspaces: { "/repo": { latest_git_commit_hash: "abc", has_changes: false } },
      extras: { zeta: "1", "10": "2", alpha: "3" },
    },
    kind: "compaction",
    compaction: { trigger: "auto", reason: "context_limit", implementation: "responses", phase: "pre_turn" },
  });
  expect(text).toBe(
    '{"installation_id":"i","session_id":"s","thread_id":"t","turn_id":"u","window_id":"t:0","request_kind":"compaction","forked_from_thread_id":"f","parent_thread_id":"p","thread_source":"user","sandbox":"none","workspaces":{"/repo":{"latest_git_commit_hash":"abc","has_changes":false}},"turn_started_at_unix_ms":5,"compaction":{"trigger":"auto","reason":"context_limit","implementation":"responses","phase":"pre_turn","strategy":"memento"},"10":"2","alpha":"3","zeta":"1"}',
  );
});

test("can be the value of a header, whatever is in it", () => {
  const extras = { note: "Grüße \u007f\n\u{1F600}" };
  const text = turnMetadataJson({ ...facts, turn: { ...facts.turn, extras } });
  expect(text).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(text).note).toBe(extras.note);
  expect(() => new Headers({ "x-codex-turn-metadata": text })).not.toThrow();
});

test("tells of a compaction in requests for one only", () => {
  const compaction = {
    trigger: "auto",
    reason: "context_limit",
    implementation: "responses",
    phase: "pre_turn",
  } as const;
  expect(turnMetadataJson({ ...facts, compaction })).not.toContain("compaction");
});

test("leaves out workspaces of which nothing is known", () => {
  expect(turnMetadataJson({ ...facts, turn: { ...facts.turn, workspaces: {} } })).not.toContain("workspaces");
});

test("does not let a caller replace what the protocol says", () => {
  const names = [
    "turn_id",
    "window_id",
    "request_kind",
    "compaction",
    "sandbox",
    "workspaces",
    "x-openai-subagent",
  ];
  const extras = Object.fromEntries([...names, "model", "mine"].map((name) => [name, "x"]));
  expect(withoutReservedKeys(extras)).toEqual({ model: "x", mine: "x" });
});
