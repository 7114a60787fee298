import { createTransport } from "@codex-ts/client";
import { expect, test } from "vitest";
import { BackendClient, normalizeBaseUrl } from "../src/index.js";
import { endpoints } from "./support/endpoints.js";
import { readVectors } from "./support/read-vectors.js";
import { recordingClient } from "./support/recording-client.js";
import { TestLogin } from "./support/test-login.js";

interface Vectors {
  readonly base_urls: readonly {
    readonly base_url: string;
    readonly expected: {
      readonly normalized: string;
      readonly path_style: "chatgpt" | "codex-api";
      readonly endpoints: Readonly<Record<string, { readonly method: string; readonly url: string }>>;
      readonly cloud_environments: string;
      readonly cloud_environments_by_repo: string;
    };
  }[];
  readonly forced_style: readonly {
    readonly base_url: string;
    readonly forced_style: "chatgpt" | "codex-api";
    readonly rate_limit_status: string;
  }[];
  readonly list_tasks_query: readonly {
    readonly args: {
      readonly limit?: number;
      readonly task_filter?: string;
      readonly cursor?: string;
      readonly environment_id?: string;
    };
    readonly query: string;
  }[];
  readonly path_segment_encoding: readonly { readonly input: string; readonly encoded: string }[];
}

const transport = createTransport({ env: {} });
const vectors = readVectors<Vectors>("backend-urls");
const lookalike = "https://chatgpt.com.example.net";
const usable = vectors.base_urls.filter(({ base_url }) => base_url !== lookalike);

test.each(vectors.base_urls)("normalizes $base_url", ({ base_url, expected }) => {
  expect(normalizeBaseUrl(base_url)).toStrictEqual({
    baseUrl: expected.normalized,
    pathStyle: expected.path_style,
  });
});

test.each(usable)("every endpoint of $base_url is where it has to be", async ({ base_url, expected }) => {
  const { client, sent } = recordingClient({ baseUrl: base_url });
  const wanted = {
    ...expected.endpoints,
    environments: { method: "GET", url: expected.cloud_environments },
    environments_by_repo: { method: "GET", url: expected.cloud_environments_by_repo },
  };
  expect(Object.keys(wanted)).toHaveLength(13);
  for (const [name, { method, url }] of Object.entries(wanted)) {
    await endpoints[name]?.(client).catch(() => {});
    // The wire knows no upper case in a host.
    expect(sent.at(-1)).toBe(`${method} ${new URL(url).href}`);
  }
  expect(sent).toHaveLength(13);
  expect(client.baseUrl).toBe(expected.normalized);
});

test.each(vectors.forced_style)(
  "a path style that is forced on $base_url changes the prefix only",
  async ({ base_url, forced_style, rate_limit_status }) => {
    const { client, sent } = recordingClient({ baseUrl: base_url, pathStyle: forced_style });
    await client.getUsage().catch(() => {});
    expect(sent).toEqual([`GET ${rate_limit_status}`]);
  },
);

test.each(vectors.list_tasks_query)("the query of a list of tasks is $query", async ({ args, query }) => {
  const { client, sent } = recordingClient({ baseUrl: "https://example.test" });
  const { task_filter: taskFilter, environment_id: environmentId, ...rest } = args;
  // Whatever the order of the caller.
  await client.listTasks({ environmentId, taskFilter, ...rest }).catch(() => {});
  expect(sent).toEqual([`GET https://example.test/api/codex/tasks/list${query && `?${query}`}`]);
});

test.each(vectors.path_segment_encoding.filter(({ input }) => input !== ""))(
  "the id $input becomes $encoded",
  async ({ input, encoded }) => {
    const { client, sent } = recordingClient({ baseUrl: "https://example.test" });
    await client.getTaskBody(input);
    await client.listSiblingTurns(input, input);
    await client.listEnvironmentsByRepo({ owner: input, repo: input }).catch(() => {});
    const prefix = "GET https://example.test/api/codex";
    expect(sent).toEqual([
      `${prefix}/tasks/${encoded}`,
      `${prefix}/tasks/${encoded}/turns/${encoded}/sibling_turns`,
      `${prefix}/environments/by-repo/github/${encoded}/${encoded}`,
    ]);
  },
);

test.each([
  ["", "must be an absolute URL"],
  ["chatgpt.com", "must be an absolute URL"],
  ["ftp://chatgpt.com", "must begin with https:// or http://"],
  ["file:///etc/passwd", "must begin with https:// or http://"],
  ["https:chatgpt.com", "must begin with https:// or http://"],
  ["https://user:secret@chatgpt.com", "must not hold a user name or password"],
  ["https://chatgpt.com@example.net", "must not hold a user name or password"],
  ["https://example.test?key=secret", "must have neither query nor fragment"],
  ["https://example.test/#x", "must have neither query nor fragment"],
  ["https://example.test/?", "must have neither query nor fragment"],
  [" https://example.test", "must begin with https:// or http://"],
  ["https://example.test/a b", "must have neither white space nor backslashes"],
  ["https://chatgpt.com\\.example.net", "must have neither white space nor backslashes"],
  [lookalike, "looks like ChatGPT's, but its host is chatgpt.com.example.net"],
  [
    "https://chat.openai.com.example.net/backend-api",
    "looks like ChatGPT's, but its host is chat.openai.com.example.net",
  ],
  ["https://chatgpt.community", "looks like ChatGPT's, but its host is chatgpt.community"],
  ["https://ChatGPT.com.example.net", "looks like ChatGPT's, but its host is chatgpt.com.example.net"],
  ["https://chatgpt.com./backend-api", "looks like ChatGPT's, but its host is chatgpt.com."],
  ["http://chatgpt.com/backend-api", "must use https for ChatGPT"],
  ["https://relay.example.test/backend-api", elsewhere("https://relay.example.test")],
  ["https://chatgpt.com:8443", elsewhere("https://chatgpt.com:8443")],
  ["https://notchatgpt.com", elsewhere("https://notchatgpt.com")],
  ["http://relay.example.test", elsewhere("http://relay.example.test")],
  ["http://localhost.example.test", elsewhere("http://localhost.example.test")],
  ["http://127.0.0.1.example.test", elsewhere("http://127.0.0.1.example.test")],
])("no credential goes to %j", (baseUrl, reason) => {
  const create = (): BackendClient => new BackendClient({ transport, baseUrl, auth: new TestLogin() });
  expect(create).toThrow(new TypeError(`"baseUrl" ${reason}`));
});

test("another origin can be allowed, its neighbours are not, and ChatGPT's never without encryption", async () => {
  const allowedOrigins = ["http://relay.example.test:8080", "http://chatgpt.com"];
  const { client, sent } = recordingClient({ baseUrl: "http://relay.example.test:8080", allowedOrigins });
  await client.getUserSettings();
  expect(sent).toEqual(["GET http://relay.example.test:8080/api/codex/settings/user"]);
  for (const neighbour of [
    "http://relay.example.test",
    "https://relay.example.test:8080",
    "http://x.relay.example.test:8080",
  ])
    expect(() => recordingClient({ baseUrl: neighbour, allowedOrigins })).toThrow(elsewhere(neighbour));
  expect(() => recordingClient({ baseUrl: "http://chatgpt.com", allowedOrigins })).toThrow(
    "must use https for ChatGPT",
  );
});

test("other options that cannot be are refused, too", () => {
  const options = { transport, baseUrl: "https://chatgpt.com", auth: new TestLogin() };
  const create =
    (wrong: object): (() => unknown) =>
    () =>
      new BackendClient({ ...options, ...wrong });
  expect(create({ pathStyle: "wham" })).toThrow(
    new TypeError('"pathStyle" must be one of chatgpt, codex-api'),
  );
  expect(create({ allowedOrigins: ["https://example.test/path"] })).toThrow(
    new TypeError(
      '"allowedOrigins" must be origins such as https://example.com, got "https://example.test/path"',
    ),
  );
  expect(create({ auth: undefined })).toThrow(new TypeError('"auth" must be an object'));
  expect(create({ auth: "Bearer token" })).toThrow(new TypeError('"auth" must be an object'));
});

test.each(["http://localhost:1", "http://127.0.0.2:1", "http://[::1]:1"])(
  "plain HTTP on this machine is allowed: %s",
  async (baseUrl) => {
    const { client, sent } = recordingClient({ baseUrl });
    await client.getUserSettings();
    expect(sent).toEqual([`GET ${baseUrl}/api/codex/settings/user`]);
  },
);

test("a base URL with very many slashes is read at once", () => {
  const slashes = "/".repeat(200_000);
  expect(normalizeBaseUrl(`https://chatgpt.com${slashes}`).baseUrl).toBe("https://chatgpt.com/backend-api");
  expect(normalizeBaseUrl(`https://x${slashes}y`).baseUrl).toBe(`https://x${slashes}y`);
});

function elsewhere(origin: string): string {
  return `is at ${origin}, which is not ChatGPT's; name it in "allowedOrigins" if credentials may go there`;
}
