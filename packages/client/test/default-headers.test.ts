import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  buildUserAgent,
  createTransport,
  defaultHeaders,
  isFirstPartyChatOriginator,
  isFirstPartyOriginator,
} from "../src/index.js";
import { startServer } from "./support/test-server.js";

test("introduces itself by its own name and version", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const headers = defaultHeaders();
  expect(Object.keys(headers)).toEqual(["originator", "user-agent"]);
  expect(headers["originator"]).toBe("codex_ts");
  expect(headers["user-agent"]).toMatch(`codex_ts/${version} (`);
});

test("builds the user agent of system, architecture and terminal", () => {
  const userAgent = buildUserAgent({ originator: "my_app", version: "1.2.3", terminal: "xterm-256color" });
  expect(userAgent).toMatch(/^my_app\/1\.2\.3 \([^ ].* [^ ]+; [^ ]+\) xterm-256color$/);
});

test("puts a suffix in parentheses, unless it is blank", () => {
  expect(buildUserAgent({ userAgentSuffix: "my_host; 1.0" })).toMatch(/ \(my_host; 1\.0\)$/);
  expect(buildUserAgent({ userAgentSuffix: " \t" })).toMatch(/node\/[\d.]+$/);
});

test.each([
  ["bad\rsuffix", "bad_suffix"],
  ["nul\0", "nul_"],
  ["tab\there", "tab_here"],
  ["café 😀", "caf_ _"],
])("replaces what a header cannot hold in %j", (userAgentSuffix, shown) => {
  expect(buildUserAgent({ userAgentSuffix }).endsWith(` (${shown})`)).toBe(true);
});

test("demands a residency when it is told to", () => {
  expect(defaultHeaders({ residency: "us" })).toMatchObject({ "x-openai-internal-codex-residency": "us" });
});

const variable = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

test.each([
  ["wins over the option", "Codex Desktop", "Codex Desktop"],
  ["counts also when it is empty", "", ""],
  ["does not count when a header cannot hold it", "bad\nvalue", "codex_ts"],
])("the environment's originator %s", (_, value, originator) => {
  const headers = defaultHeaders({ originator: "my_app" }, { [variable]: value });
  expect(headers["originator"]).toBe(originator);
  expect(headers["user-agent"]?.startsWith(`${originator}/`)).toBe(true);
});

test("refuses an originator that a header cannot hold", () => {
  expect(() => defaultHeaders({ originator: "my\napp" })).toThrow(TypeError);
  expect(() => createTransport({ identity: { originator: "größe" } })).toThrow('"originator"');
});

test.each([
  ["codex_cli_rs", true, false],
  ["codex-tui", true, false],
  ["codex_vscode", true, false],
  ["Codex Something Else", true, false],
  ["codex_atlas", false, true],
  ["codex_chatgpt_desktop", false, true],
  ["codex_cli", false, false],
  ["Codex", false, false],
  ["codex_ts", false, false],
])("%s is first party: %s, first-party chat: %s", (originator, isFirstParty, isChat) => {
  expect(isFirstPartyOriginator(originator)).toBe(isFirstParty);
  expect(isFirstPartyChatOriginator(originator)).toBe(isChat);
});

test("a transport sends the headers unless the request has its own, or none are wanted", async () => {
  await using server = await startServer((_, response) => response.end());
  const request = { method: "GET", url: server.origin, headers: { originator: "thread" } };
  await using transport = createTransport({
    identity: { originator: "my_app", version: "1", residency: "us" },
  });
  await transport.execute(request);
  expect(server.seen.at(-1)?.headers).toMatchObject({
    originator: "thread",
    "user-agent": expect.stringMatching(/^my_app\/1 \(/),
    "x-openai-internal-codex-residency": "us",
  });
  await using anonymous = createTransport({ identity: false });
  await anonymous.execute({ method: "GET", url: server.origin });
  expect(server.seen.at(-1)?.headers).not.toHaveProperty("originator");
  expect(server.seen.at(-1)?.headers).not.toHaveProperty("user-agent");
});
