import { describe, expect, test } from "vitest";
import {
  cloudTasksErrorText,
  countDiff,
  isCloudTasksError,
  isUnifiedDiff,
  parseGitHubRemote,
  parseTaskId,
  type TaskSummary,
  taskUrl,
  toTaskListJson,
} from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";
import { answerWith, startClient } from "./support/start-client.js";

interface TaskVectors {
  readonly details: readonly {
    readonly name: string;
    readonly input: unknown;
    readonly expected: {
      readonly unified_diff: string | null;
      readonly user_text_prompt: string | null;
      readonly get_task_messages: { readonly ok?: readonly string[]; readonly error?: string };
      readonly task_text: Readonly<Record<string, unknown>>;
      readonly decode_error?: boolean;
    };
  }[];
  readonly summaries: readonly {
    readonly name: string;
    readonly id: string;
    readonly input: unknown;
    readonly expected: Readonly<Record<string, unknown>>;
  }[];
  readonly list_items: readonly {
    readonly name: string;
    readonly input: unknown;
    readonly expected: Readonly<Record<string, unknown>>;
  }[];
  readonly siblings: readonly {
    readonly name: string;
    readonly input: unknown;
    readonly expected: unknown;
  }[];
  readonly unified_diff: readonly {
    readonly name: string;
    readonly input: string;
    readonly expected: {
      readonly is_unified_diff: boolean;
      readonly summary: Readonly<Record<string, number>>;
    };
  }[];
}

const vectors = readVectors<TaskVectors>("task-details");

describe("one task", () => {
  test.each(vectors.details)("$name", async ({ input, expected }) => {
    const { backend, client } = await startClient();
    const path = /\/tasks\/task_e_1$/;
    const answer = () => answerWith(backend, path, input);
    answer();
    if (expected.decode_error) {
      await expect(client.text("task_e_1")).rejects.toMatchObject({
        kind: "http",
        message: expect.stringMatching(/^get_task_details failed: Decode error for /),
      });
      return;
    }
    const { prompt, messages, turnId, siblingTurnIds, attemptPlacement, attemptStatus } =
      await client.text("task_e_1");
    expect(prompt ?? null).toEqual(expected.user_text_prompt);
    expect({
      messages,
      turn_id: turnId ?? null,
      sibling_turn_ids: siblingTurnIds,
      attempt_placement: attemptPlacement ?? null,
      attempt_status: statusName(attemptStatus),
    }).toEqual(expected.task_text);
    answer();
    expect((await client.diff("task_e_1")) ?? null).toBe(expected.unified_diff);
    answer();
    const said = await client.messages("task_e_1").catch((error: unknown) => error);
    if (expected.get_task_messages.error === undefined) expect(said).toEqual(expected.get_task_messages.ok);
    else {
      expect(isCloudTasksError(said) && cloudTasksErrorText(said)).toBe(
        `http error: ${expected.get_task_messages.error} GET ${backend.urls.chatgpt}/wham/tasks/task_e_1; content-type=application/json; body=${JSON.stringify(input)}`,
      );
    }
  });
});

describe("the summary of a task", () => {
  test.each(vectors.summaries)("$name", async ({ id, input, expected }) => {
    const { backend, client } = await startClient();
    answerWith(backend, /\/tasks\/task_e_\d$/, input);
    const summary = await client.summary(id).catch((error: unknown) => error);
    if (expected["error_message"] === undefined) expect(toJson(summary)).toEqual(expected);
    else expect(isCloudTasksError(summary) && cloudTasksErrorText(summary)).toBe(expected["error_message"]);
  });
});

describe("an entry of a list", () => {
  test.each(vectors.list_items)("$name", async ({ input, expected }) => {
    const { backend, client } = await startClient();
    answerWith(backend, /\/tasks\/list$/, { items: [input] });
    const page = await client.list().catch((error: unknown) => error);
    if (expected["decode_error"] === undefined) {
      const [task] = (page as { tasks: TaskSummary[] }).tasks;
      expect(toJson(task)).toEqual(expected);
    } else
      expect(page).toMatchObject({ kind: "http", message: expect.stringContaining("Decode error for ") });
  });
});

describe("the other attempts", () => {
  test.each(vectors.siblings)("$name", async ({ input, expected }) => {
    const { backend, client } = await startClient();
    answerWith(backend, /\/sibling_turns$/, input);
    const attempts = await client.siblingAttempts("task_e_1", "turn");
    expect(
      attempts.map(({ turnId, placement, createdAt, status, diff, messages }) => ({
        turn_id: turnId,
        attempt_placement: placement ?? null,
        created_at: createdAt?.toISOString().replace(".000Z", "Z") ?? null,
        status: statusName(status),
        diff: diff ?? null,
        messages,
      })),
    ).toEqual(expected);
  });
});

describe("a diff", () => {
  test.each(vectors.unified_diff)("$name", ({ input, expected }) => {
    expect(isUnifiedDiff(input)).toBe(expected.is_unified_diff);
    const { filesChanged, linesAdded, linesRemoved } = countDiff(input);
    expect({ files_changed: filesChanged, lines_added: linesAdded, lines_removed: linesRemoved }).toEqual(
      expected.summary,
    );
  });
});

interface UrlVectors {
  readonly base_urls: readonly {
    readonly base_url: string;
    readonly expected: { readonly cloud_task_browser_url: string };
  }[];
  readonly cloud_task_id_parsing: readonly { readonly input: string; readonly expected: string | null }[];
  readonly github_remote_parsing: readonly {
    readonly url: string;
    readonly expected: readonly [string, string] | null;
  }[];
}

const urls = readVectors<UrlVectors>("backend-urls");

test.each(urls.base_urls)("people look at a task of $base_url where it is", ({ base_url, expected }) => {
  expect(taskUrl(base_url, "TASK")).toBe(expected.cloud_task_browser_url);
});

test.each(urls.cloud_task_id_parsing)("finds the id in $input", ({ input, expected }) => {
  if (expected === null) expect(() => parseTaskId(input)).toThrow("task id must not be empty");
  else expect(parseTaskId(input)).toBe(expected);
});

// The reference does not know the form that git itself documents first.
const better = new Map([["ssh://git@github.com/acme/widget.git", ["acme", "widget"]]]);

test.each(urls.github_remote_parsing)("finds the repository in $url", ({ url, expected }) => {
  const repository = parseGitHubRemote(url);
  expect(repository === undefined ? null : [repository.owner, repository.repo]).toEqual(
    better.get(url) ?? expected,
  );
});

/** The wire's form, as the vectors have it: the JSON of a list without the URL. */
function toJson(task: unknown): unknown {
  const [json] = toTaskListJson(
    { tasks: [task as TaskSummary], cursor: undefined },
    "https://chatgpt.com",
  ).tasks.map(({ url: _, ...others }) => others);
  return json;
}

/** `InProgress` for `in_progress`. */
function statusName(status: string): string {
  return status.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
