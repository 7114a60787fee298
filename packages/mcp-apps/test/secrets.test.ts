import { inspect } from "node:util";
import { expect, test } from "vitest";
import { type AppsServer, startAppsServer } from "./support/apps-server.js";
import { addAgent, connect, rejection } from "./support/connected.js";
import { answerWith, status } from "./support/faults.js";
import { SwitchableLogin } from "./support/logins.js";

const tool = { namespace: "codex_apps", name: "acct_1_find" };
const json = { "content-type": "application/json" };

type Respond = Parameters<typeof answerWith>[2];

/** Answers that repeat the credential of the request. */
const echoes: readonly (readonly [
  string,
  (authorization: string, id: unknown) => Parameters<typeof status>,
])[] = [
  ["the body of a refusal", (text) => [403, text]],
  ["headers of a refusal", (text) => [403, "", { "x-echo": text, "www-authenticate": text }]],
  ["a web page", (text) => [403, `<html>${text}</html>`, { "content-type": "text/html" }]],
  [
    "a web page in place of an answer",
    (text) => [200, `<html>${text}</html>`, { "content-type": "text/html" }],
  ],
  ["the type of an answer", (text) => [200, "", { "content-type": `text/x-${text.split(" ")[1]}` }]],
  ["broken JSON", (text) => [200, `{"a":${text}`, json]],
  ["JSON of no request", (text) => [200, JSON.stringify({ text }), json]],
  [
    "a result of another shape",
    (text, id) => [200, JSON.stringify({ jsonrpc: "2.0", id, result: { content: text } }), json],
  ],
  ["no message of MCP", (text, id) => [200, JSON.stringify({ jsonrpc: text, id, result: text }), json]],
  [
    "an error of JSON-RPC",
    (text, id) => [
      200,
      JSON.stringify({ jsonrpc: "2.0", id, error: { code: 1, message: text, data: text } }),
      json,
    ],
  ],
  [
    "an error of JSON-RPC with a status",
    (text, id) => [400, JSON.stringify({ jsonrpc: "2.0", id, error: { code: 1, message: text } }), json],
  ],
  [
    "a redirect",
    (text) => [307, "", { location: `https://elsewhere.example/?t=${encodeURIComponent(text)}` }],
  ],
];

test.each(echoes)("a credential that is echoed in %s shows in no error", async (_what, echo) => {
  const server = await startAppsServer();
  const apps = await connect(server, { auth: new SwitchableLogin(addAgent(server, "acct-1")) });
  await apps.ready();
  const respond: Respond = (response, { headers, message }) =>
    status(...echo(headers.authorization ?? "", message.id))(response);
  answerWith(server, "tools/call", respond);

  const error = await rejection(apps.callTool(tool));

  const secret = secretsOf(server).find((candidate) => everythingOf(error).includes(candidate));
  expect(secret).toBeUndefined();
});

function secretsOf(server: AppsServer): readonly string[] {
  return server
    .received("tools/call")
    .map(({ headers }) => headers.authorization?.split(" ")[1] ?? "")
    .filter((secret) => secret !== "");
}

/** All that a logger could make of an error. */
function everythingOf(error: Error): string {
  const parts: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    parts.push(cause.message, cause.stack ?? "", JSON.stringify(cause));
    parts.push(inspect(cause, { depth: 10, showHidden: true }));
    for (const name of Object.getOwnPropertyNames(cause)) parts.push(inspect(Reflect.get(cause, name)));
  }
  return parts.join("\n");
}
