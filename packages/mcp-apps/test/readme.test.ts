import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "@codex-ts/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expect, test } from "vitest";
import { codexAppsServer, connectCodexApps, createCodexAppsFetch } from "../src/index.js";
import { startAppsServer } from "./support/apps-server.js";
import { addAgent, temporaryFolder } from "./support/connected.js";
import { SwitchableLogin } from "./support/logins.js";

test("README example: a tool that takes a file, as it is written", async () => {
  const backend = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(backend, "acct-1"));
  const { chatgptBaseUrl, origin } = backend;
  const _meta = { connector_name: "Drive", "openai/fileParams": ["doc"] };
  const inputSchema = { type: "object", properties: { doc: { type: "object" } } };
  backend.tools.set("acct-1", [{ name: "drive_save", inputSchema, _meta }]);
  const codexHome = await temporaryFolder();
  const path = join(codexHome, "report.txt");
  await writeFile(path, "hello");
  const written: string[] = [];
  const write = (text: string): number => written.push(text);

  await using transport = createTransport();
  const server = codexAppsServer({ chatgptBaseUrl, allowedOrigins: [origin] });
  await using apps = await connectCodexApps({ transport, auth, server, codexHome });

  const tools = await apps.listTools();
  for (const { namespace, name, inputSchema } of tools)
    write(`${namespace} ${name} ${JSON.stringify(inputSchema)}`);
  const result = await apps.callTool({ namespace: "codex_apps__drive", name: "_save" }, { doc: path });
  for (const part of result.content) if (part.type === "text") write(String(part["text"]));

  expect(written[0]).toContain("codex_apps__drive _save");
  expect(written[1]).toContain("sediment://");
});

test("README example: with a client of one's own, as it is written", async () => {
  const backend = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(backend, "acct-1"));
  const server = codexAppsServer({
    chatgptBaseUrl: backend.chatgptBaseUrl,
    allowedOrigins: [backend.origin],
  });
  await using transport = createTransport();

  const fetch = createCodexAppsFetch({ transport, auth, server });
  const client = new Client({ name: "my-agent", version: "1.0.0" });
  const http = new StreamableHTTPClientTransport(new URL(server.url), { fetch });
  await client.connect(http as Transport);

  expect((await client.listTools()).tools).toHaveLength(1);
  await client.close();
});

test("the examples of the README are those that are run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8"));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const statements = examples.map((code) => code.replaceAll(/^import .*$/gm, ""));
  expect(statements).toHaveLength(2);
  for (const code of statements) expect(self).toContain(compressed(code));
});

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
