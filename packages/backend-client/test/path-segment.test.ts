import fc from "fast-check";
import { expect, test } from "vitest";
import { recordingClient } from "./support/recording-client.js";
import { startClient } from "./support/start-client.js";

test.each(["", ".", ".."])("the id %j is refused, and nothing is sent", async (id) => {
  const { backend, client } = await startClient();
  const message = (name: string): TypeError =>
    new TypeError(`"${name}" must be an id, got ${JSON.stringify(id)}`);
  await expect(client.getTask(id)).rejects.toThrow(message("taskId"));
  await expect(client.getTaskBody(id)).rejects.toThrow(message("taskId"));
  await expect(client.listSiblingTurns(id, "t")).rejects.toThrow(message("taskId"));
  await expect(client.listSiblingTurns("t", id)).rejects.toThrow(message("turnId"));
  await expect(client.listEnvironmentsByRepo({ owner: id, repo: "r" })).rejects.toThrow(message("owner"));
  await expect(client.listEnvironmentsByRepo({ owner: "o", repo: id })).rejects.toThrow(message("repo"));
  await expect(client.listEnvironmentsByRepo({ provider: id, owner: "o", repo: "r" })).rejects.toThrow(
    message("provider"),
  );
  expect(backend.requests).toEqual([]);
});

test.each([undefined, null, 7, {}])("an id that is no text is refused: %j", async (id) => {
  const { client } = await startClient();
  await expect(client.getTask(id as string)).rejects.toThrow(TypeError);
});

test("half of a character is refused", async () => {
  const { client } = await startClient();
  await expect(client.getTask("a\ud800")).rejects.toThrow(
    new TypeError('"taskId" must be well-formed Unicode'),
  );
});

test.each([
  "a/b",
  "a?b",
  "a#b",
  "a/../b",
  "%2e%2e",
  "a\\..\\b",
  "a\r\nb",
  "task e",
  "../usage",
  "ä;=&+!'()*",
])("the id %j arrives as it is", async (id) => {
  const { backend, client } = await startClient();
  backend.cloud.addTask({ id, title: "found" });
  expect(JSON.parse((await client.getTaskBody(id)).body)).toMatchObject({ task: { id, title: "found" } });
});

test("no id leads to another path", async () => {
  const { client, sent } = recordingClient({ baseUrl: "https://chatgpt.com/backend-api" });
  const ids = fc.string({ unit: "binary", minLength: 1 }).filter((id) => id !== "." && id !== "..");
  await fc.assert(
    fc.asyncProperty(ids, async (id) => {
      await client.getTaskBody(id);
      const { pathname, search } = new URL(sent.at(-1)?.slice("GET ".length) ?? "");
      const [, prefix, style, kind, segment, ...more] = pathname.split("/");
      expect([prefix, style, kind, more, search]).toEqual(["backend-api", "wham", "tasks", [], ""]);
      expect(decodeURIComponent(segment ?? "")).toBe(id);
    }),
    { numRuns: 60 },
  );
});
