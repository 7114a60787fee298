import type { Backend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { CloudTasksClient } from "../src/index.js";
import { answerWith, requestLines, startClient } from "./support/start-client.js";

const widget = { owner: "acme", repo: "widget" };
const fork = { owner: "me", repo: "widget" };

async function startWith(...environments: Parameters<Backend["cloud"]["addEnvironment"]>[0][]) {
  const started = await startClient();
  started.backend.cloud.clearEnvironments();
  for (const environment of environments) started.backend.cloud.addEnvironment(environment);
  return started;
}

test("lists environments by repository and in all, joined by id, pinned ones first", async () => {
  const { backend, client } = await startWith(
    { id: "e1", label: "beta", repositories: ["github/acme/widget", "github/me/widget"] },
    { id: "e2", label: "Alpha", taskCount: 4 },
    { id: "e3", label: "zeta", isPinned: true },
    { id: "e4" },
    { id: "e0", label: "Beta" },
  );
  const environments = await client.environments({ repositories: [fork, widget] });
  expect(environments.map(({ id, label, isPinned, repoHint }) => [id, label, isPinned, repoHint])).toEqual([
    ["e3", "zeta", true, undefined],
    ["e4", undefined, false, undefined],
    ["e2", "Alpha", false, undefined],
    ["e0", "Beta", false, undefined],
    ["e1", "beta", false, "me/widget"],
  ]);
  expect(environments[2]?.taskCount).toBe(4);
  expect(requestLines(backend)).toEqual([
    "GET /backend-api/wham/environments/by-repo/github/me/widget",
    "GET /backend-api/wham/environments/by-repo/github/acme/widget",
    "GET /backend-api/wham/environments",
  ]);
});

test("a repository that fails is passed over; the list of all may fail if another was found", async () => {
  const { backend, client } = await startWith({ id: "e1", label: "a", repositories: ["github/acme/widget"] });
  backend.fault({ kind: "status", status: 500, path: /by-repo\/github\/me/ });
  backend.fault({ kind: "status", status: 500, path: /\/environments$/, times: 2 });
  const found = await client.environments({ repositories: [fork, widget] });
  expect(found.map(({ id }) => id)).toEqual(["e1"]);
  await expect(client.environments({ repositories: [fork] })).rejects.toMatchObject({
    kind: "http",
    status: 500,
  });
});

test("what one list does not say of an environment, another may", async () => {
  const { backend, client } = await startWith({ id: "e1", label: "All", isPinned: true, taskCount: 3 });
  answerWith(backend, /by-repo\/github\/me/, [{ id: "e1" }, { id: "e2", label: "Own" }]);
  answerWith(backend, /by-repo\/github\/acme/, [{ id: "e2", label: "Other" }]);
  const found = await client.environments({ repositories: [fork, widget] });
  expect(found).toEqual([
    { id: "e1", label: "All", isPinned: true, taskCount: 3, repoHint: "me/widget" },
    { id: "e2", label: "Own", isPinned: false, taskCount: undefined, repoHint: "me/widget" },
  ]);
});

test("a login that is gone in the middle is not passed over", async () => {
  const { backend, login, options } = await startWith({ id: "e1", repositories: ["github/me/widget"] });
  const auth = {
    provider: login.provider,
    current: async () => (backend.requests.length === 0 ? login.current() : undefined),
  };
  const client = new CloudTasksClient({ ...options, auth });
  await expect(client.environments({ repositories: [fork] })).rejects.toMatchObject({ kind: "auth" });
  expect(backend.requests).toHaveLength(1);
});

test("a repository cannot lead to another path", async () => {
  const { backend, client } = await startWith({ id: "e1" });
  await client.environments({ repositories: [{ owner: "a", repo: "../../../tasks/list" }] });
  expect(requestLines(backend)[0]).toBe(
    "GET /backend-api/wham/environments/by-repo/github/a/..%2F..%2F..%2Ftasks%2Flist",
  );
});

test.each([
  [
    "the one with the label",
    "SECOND",
    [
      { id: "e1", isPinned: true },
      { id: "e2", label: "second" },
    ],
    "e2",
  ],
  ["the only one, whatever its label", "other", [{ id: "e1", label: "first" }], "e1"],
  [
    "the first that is pinned",
    "other",
    [{ id: "e1" }, { id: "e2", isPinned: true }, { id: "e3", isPinned: true }],
    "e2",
  ],
  [
    "the one with most tasks",
    undefined,
    [
      { id: "e1", taskCount: 5 },
      { id: "e2", taskCount: 9 },
      { id: "e3", taskCount: 1 },
    ],
    "e2",
  ],
  [
    "of two with as many tasks the last",
    undefined,
    [
      { id: "e1", taskCount: 5 },
      { id: "e2", taskCount: 5 },
    ],
    "e2",
  ],
  [
    "one without a label, for a blank label",
    "",
    [{ id: "e1", label: "x", isPinned: true }, { id: "e2" }],
    "e2",
  ],
])("detects %s", async (_, label, environments, id) => {
  const { client } = await startWith(...environments);
  expect((await client.detectEnvironment(label)).id).toBe(id);
});

test("detects the environment of the repository before all others", async () => {
  const { backend, client } = await startWith(
    { id: "pinned", isPinned: true },
    { id: "own", repositories: ["github/acme/widget"] },
  );
  expect((await client.detectEnvironment(undefined, { repositories: [fork, widget] })).id).toBe("own");
  expect(backend.requests).toHaveLength(2);
  expect((await client.detectEnvironment(undefined, { repositories: [fork] })).id).toBe("pinned");
});

test("says when there is no environment to detect", async () => {
  const { client } = await startWith();
  await expect(client.detectEnvironment()).rejects.toMatchObject({
    kind: "environment",
    message: "no environments are available",
  });
});

test("finds an environment by id, or by label whatever its case", async () => {
  const { client } = await startWith({ id: "e1", label: "Prod" }, { id: "prod", label: "other" });
  expect((await client.resolveEnvironment(" e1 ")).id).toBe("e1");
  expect((await client.resolveEnvironment("prod")).id).toBe("prod");
  expect((await client.resolveEnvironment("OTHER")).id).toBe("prod");
});

test.each([
  [" ", [{ id: "e1" }], "invalid_input", "environment id must not be empty"],
  ["x", [], "environment", "no cloud environments are available for this workspace"],
  [
    "x",
    [{ id: "e1" }],
    "environment",
    "environment 'x' not found; run `codex cloud` to list available environments",
  ],
  [
    "prod",
    [
      { id: "e1", label: "Prod" },
      { id: "e2", label: "PROD" },
    ],
    "environment",
    "environment label 'prod' is ambiguous; run `codex cloud` to pick the desired environment id",
  ],
])("says what is wrong with the environment %j of %j", async (name, environments, kind, message) => {
  const { client } = await startWith(...environments);
  await expect(client.resolveEnvironment(name)).rejects.toMatchObject({ kind, message });
});
