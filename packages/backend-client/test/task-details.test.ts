import { expect, test } from "vitest";
import {
  assistantError,
  assistantMessages,
  parseTaskDetails,
  unifiedDiff,
  userPrompt,
} from "../src/index.js";
import { answerWith } from "./support/answer-with.js";
import { backendRejection } from "./support/backend-rejection.js";
import { readVectors } from "./support/read-vectors.js";
import { startClient } from "./support/start-client.js";

interface DetailsVector {
  readonly name: string;
  readonly input: object;
  readonly expected: {
    readonly decode_error?: true;
    readonly unified_diff: string | null;
    readonly assistant_text_messages: readonly string[];
    readonly user_text_prompt: string | null;
    readonly assistant_error_message: string | null;
    readonly task_text: {
      readonly turn_id: string | null;
      readonly sibling_turn_ids: readonly string[];
      readonly attempt_placement: number | null;
    };
  };
}

interface Vector {
  readonly name: string;
  readonly input: object;
  readonly expected: { readonly decode_error?: true; readonly id?: string };
}

const vectors = readVectors<{
  readonly details: readonly DetailsVector[];
  readonly list_items: readonly Vector[];
  readonly siblings: readonly {
    readonly name: string;
    readonly input: { readonly sibling_turns: unknown };
  }[];
}>("task-details");

test.each(vectors.details)("details: $name", async ({ input, expected }) => {
  const { backend, client } = await startClient();
  answerWith(backend, input);
  if (expected.decode_error) {
    expect(await backendRejection(client.getTask("task_e_1"))).toMatchObject({ kind: "decode" });
    return;
  }
  const details = await client.getTask("task_e_1");
  expect(unifiedDiff(details)).toBe(expected.unified_diff);
  expect(assistantMessages(details)).toStrictEqual(expected.assistant_text_messages);
  expect(userPrompt(details)).toBe(expected.user_text_prompt);
  expect(assistantError(details)).toBe(expected.assistant_error_message);
  const { id = null, sibling_turn_ids = [], attempt_placement = null } = details.current_assistant_turn ?? {};
  expect({ turn_id: id, sibling_turn_ids, attempt_placement }).toMatchObject({
    turn_id: expected.task_text.turn_id,
    sibling_turn_ids: expected.task_text.sibling_turn_ids,
    attempt_placement: expected.task_text.attempt_placement,
  });
});

test.each(vectors.list_items)("a list with the item: $name", async ({ input, expected }) => {
  const { backend, client } = await startClient();
  answerWith(backend, { items: [input] });
  const page = client.listTasks();
  if (expected.decode_error) expect(await backendRejection(page)).toMatchObject({ kind: "decode" });
  else expect(await page).toMatchObject({ items: [input], cursor: null });
});

test.each(vectors.siblings)("other attempts: $name", async ({ input }) => {
  const { backend, client } = await startClient();
  answerWith(backend, input);
  expect(await client.listSiblingTurns("task_e_1", "turn-1")).toStrictEqual(input.sibling_turns);
});

test.each([
  [{}, []],
  [{ sibling_turns: [] }, []],
  [{ sibling_turns: null }, "decode"],
  [{ sibling_turns: [1] }, "decode"],
])("the list of other attempts %j", async (answer, expected) => {
  const { backend, client } = await startClient();
  answerWith(backend, answer);
  const turns = client.listSiblingTurns("task_e_1", "turn-1");
  if (expected === "decode") expect(await backendRejection(turns)).toMatchObject({ kind: "decode" });
  else expect(await turns).toEqual(expected);
});

test("a missing list and null are an empty one, a missing type is empty, a null type is none", async () => {
  const { backend, client } = await startClient();
  answerWith(backend, {
    current_user_turn: { input_items: [{ content: null }], output_items: null, sibling_turn_ids: null },
  });
  expect((await client.getTask("t")).current_user_turn).toStrictEqual({
    id: null,
    attempt_placement: null,
    turn_status: null,
    sibling_turn_ids: [],
    input_items: [{ type: "", role: null, content: [], diff: null, output_diff: null }],
    output_items: [],
    worklog: null,
    error: null,
  });
  answerWith(backend, { current_user_turn: { input_items: [{ type: null }] } });
  expect((await backendRejection(client.getTask("t"))).message).toBe(
    `Decode error for ${backend.urls.chatgpt}/wham/tasks/t: Invalid input: expected string, received null at current_user_turn.input_items[0].type`,
  );
});

test("the body of a task comes as it was sent, and can be decoded later", async () => {
  const { backend, client } = await startClient();
  const body = '{ "task": {"title": "Ä"}, "more": [1] }';
  backend.fault({ kind: "status", path: /tasks/, status: 200, body, headers: { "content-type": "x/y" } });
  const answer = await client.getTaskBody("task_e_1");
  expect(answer).toEqual({
    method: "GET",
    url: `${backend.urls.chatgpt}/wham/tasks/task_e_1`,
    body,
    contentType: "x/y",
    requestId: backend.requests[0]?.requestId,
  });
  expect((await parseTaskDetails(answer)).current_user_turn).toBeNull();
});
