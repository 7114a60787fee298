import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FilesClient } from "@codex-ts/api";
import { createTransport } from "@codex-ts/client";
import { expect, test } from "vitest";
import { codexAppsServer, connectCodexApps, toToolInfo, uploadFileArguments } from "../src/index.js";
import { type AppsServer, startAppsServer } from "./support/apps-server.js";
import {
  addAgent,
  connect,
  openTransport,
  rejection,
  serverConfig,
  temporaryFolder,
} from "./support/connected.js";
import { bearerLogin, SwitchableLogin } from "./support/logins.js";

const fileSchema = {
  type: "object",
  properties: { download_url: {}, file_id: {} },
};
const uploader = {
  name: "drive_save",
  inputSchema: {
    type: "object",
    properties: { doc: fileSchema, docs: { type: "array", items: fileSchema }, note: { type: "string" } },
  },
  _meta: {
    connector_id: "connector_drive",
    connector_name: "Drive",
    "openai/fileParams": ["doc", "docs"],
    _codex_apps: { resource: "r1" },
  },
};
const save = { namespace: "codex_apps__drive", name: "_save" };

/** A server with a tool that takes files, an agent, and a folder with files. */
async function setUp() {
  const server = await startAppsServer();
  const login = addAgent(server, "acct-1");
  server.tools.set("acct-1", [uploader]);
  const folder = await temporaryFolder();
  await writeFile(join(folder, "a.txt"), "hello");
  await writeFile(join(folder, "b.txt"), "world!");
  return { server, login, auth: new SwitchableLogin(login), folder };
}

/** The arguments that the tool was called with. */
function sentArguments(server: AppsServer): unknown {
  return server.received("tools/call").at(-1)?.message.params?.["arguments"];
}

const uploaded = (server: AppsServer, index: number, name: string, size: number): unknown => ({
  download_url: expect.stringContaining(server.backend.files[index]?.id ?? "?"),
  file_id: server.backend.files[index]?.id,
  mime_type: "text/plain",
  file_name: name,
  uri: `sediment://${server.backend.files[index]?.id}`,
  file_size_bytes: size,
});

test("uploads the files that arguments name, and sends what is known of them in their place", async () => {
  const { server, auth, folder } = await setUp();
  const apps = await connect(server, { auth, workingDirectory: folder });
  const args = { doc: join(folder, "a.txt"), docs: ["b.txt", "./a.txt"], note: "a.txt" };

  await apps.callTool(save, args, { callId: "c1", model: "gpt-5.5" });

  expect(sentArguments(server)).toEqual({
    doc: uploaded(server, 0, "a.txt", 5),
    docs: [uploaded(server, 1, "b.txt", 6), uploaded(server, 2, "a.txt", 5)],
    note: "a.txt",
  });
  expect(Object.keys((sentArguments(server) as { doc: object }).doc)).toEqual([
    "download_url",
    "file_id",
    "mime_type",
    "file_name",
    "uri",
    "file_size_bytes",
  ]);
  expect(args.doc).toBe(join(folder, "a.txt"));
  expect(server.backend.files.map(({ content }) => content?.toString())).toEqual([
    "hello",
    "world!",
    "hello",
  ]);
  const [create, put, finalize] = server.backend.requests;
  expect(JSON.parse(String(create?.body))).toEqual({
    file_name: "a.txt",
    file_size: 5,
    use_case: "codex",
    codex_connector_id: "connector_drive",
    codex_action_name: "drive_save",
    codex_model: "gpt-5.5",
  });
  for (const request of [create, finalize])
    expect(request).toMatchObject({
      auth: { kind: "agentAssertion" },
      headers: { "chatgpt-account-id": "acct-1" },
    });
  expect(put).toMatchObject({ auth: { kind: "none" }, headers: { "content-length": "5" } });
  expect(server.received("tools/call").at(-1)?.message.params?.["_meta"]).toEqual({
    _codex_apps: { resource: "r1", call_id: "c1" },
  });
});

test.each([
  ["no arguments", undefined],
  ["none that takes files", { note: "a.txt" }],
  ["something else", { doc: 7, docs: { a: 1 } }],
  ["nothing", { doc: null }],
  ["a list with something else", { docs: ["a.txt", 7] }],
  ["an empty list", { docs: [] }],
])("leaves arguments with %s as they are", async (_what, args) => {
  const { server, auth, folder } = await setUp();
  const apps = await connect(server, { auth, workingDirectory: folder });
  await apps.callTool(save, args);
  expect(sentArguments(server)).toEqual(args);
  expect(server.backend.requests).toEqual([]);
});

test("a tool that declares no files gets paths as they are", async () => {
  const { server, auth, folder } = await setUp();
  server.tools.set("acct-1", [{ ...uploader, _meta: { ...uploader._meta, "openai/fileParams": [] } }]);
  const apps = await connect(server, { auth });
  await apps.callTool(save, { doc: join(folder, "a.txt") });
  expect(sentArguments(server)).toEqual({ doc: join(folder, "a.txt") });
});

test("a file is shown to the model as a path", async () => {
  const { server, auth } = await setUp();
  const apps = await connect(server, { auth });
  for (const [tool] of [await apps.listTools(), await apps.refreshTools()])
    expect(tool?.inputSchema).toMatchObject({
      properties: { doc: { type: "string" }, docs: { type: "array" } },
    });
});

test("of a closed schema only the members that it names are sent", async () => {
  const { server, auth, folder } = await setUp();
  const closed = { ...fileSchema, additionalProperties: false };
  const properties = { doc: closed, docs: { type: "array", items: closed } };
  server.tools.set("acct-1", [{ ...uploader, inputSchema: { type: "object", properties } }]);
  const apps = await connect(server, { auth, workingDirectory: folder });
  await apps.callTool(save, { doc: "a.txt", docs: ["a.txt"] });
  const member = { download_url: expect.any(String), file_id: expect.any(String) };
  expect(sentArguments(server)).toEqual({ doc: member, docs: [member] });
});

test.each([
  ["is missing", "missing.txt", "does not exist"],
  ["is a folder", "folder", "is not a file"],
  ["is too large", "large.bin", "is too large: 536870913 bytes exceeds the limit of 536870912 bytes"],
])("a file that %s fails the call, and nothing is sent", async (_what, name, reason) => {
  const { server, auth, folder } = await setUp();
  await mkdir(join(folder, "folder"));
  await writeFile(join(folder, "large.bin"), "");
  // It has holes only.
  await truncate(join(folder, "large.bin"), 512 * 1024 * 1024 + 1);
  const apps = await connect(server, { auth, workingDirectory: folder });

  const single = await rejection(apps.callTool(save, { doc: name }));
  const listed = await rejection(apps.callTool(save, { docs: ["a.txt", name] }));

  expect(single).toMatchObject({ kind: "file" });
  expect(single.message).toMatch(`failed to upload \`${name}\` for \`doc\`: `);
  expect(single.message).toContain(join(folder, name));
  expect(single.message).toContain(reason);
  expect(listed.message).toMatch(`failed to upload \`${name}\` for \`docs[1]\`: `);
  expect(server.received("tools/call")).toEqual([]);
});

test("a server that refuses the file fails the call", async () => {
  const { server, auth, folder } = await setUp();
  server.backend.fault({ kind: "status", status: 500, path: "/files", body: "no" });
  const apps = await connect(server, { auth, workingDirectory: folder });
  const error = await rejection(apps.callTool(save, { doc: "a.txt" }));
  expect(error).toMatchObject({ kind: "file", status: 500 });
  expect(server.received("tools/call")).toEqual([]);
});

test("an upload that is still being taken in is waited for", async () => {
  const { server, auth, folder } = await setUp();
  server.backend.fault({ kind: "status", status: 200, path: /uploaded$/, body: '{"status":"retry"}' });
  const apps = await connect(server, { auth, workingDirectory: folder });
  await apps.callTool(save, { doc: "a.txt" });
  expect(server.backend.requests.filter(({ path }) => path.endsWith("/uploaded"))).toHaveLength(2);
  expect(sentArguments(server)).toMatchObject({ doc: { uri: expect.stringMatching(/^sediment:/) } });
});

test("a path that its owner does not allow is not opened", async () => {
  const { server, auth, folder } = await setUp();
  const asked: string[] = [];
  const mayUpload = (path: string): boolean => {
    asked.push(path);
    return path.endsWith("a.txt");
  };
  const apps = await connect(server, { auth, workingDirectory: folder, mayUpload });
  await apps.callTool(save, { doc: "a.txt" });
  const error = await rejection(apps.callTool(save, { doc: "../b.txt" }));
  expect(error).toMatchObject({ kind: "file", message: expect.stringContaining("may not be uploaded") });
  expect(asked).toEqual([join(folder, "a.txt"), join(folder, "..", "b.txt")]);
});

test("the caller's signal ends an upload", async () => {
  const { server, auth, folder } = await setUp();
  server.backend.fault({ kind: "stall_headers", path: "/files" });
  const apps = await connect(server, { auth, workingDirectory: folder });
  const controller = new AbortController();
  const calling = rejection(apps.callTool(save, { doc: "a.txt" }, { signal: controller.signal }));
  await server.backend.waitForRequests(1);
  controller.abort();
  expect((await calling).kind).toBe("aborted");
});

test("an upload does not go on in the name of another account", async () => {
  const { server, auth, folder } = await setUp();
  const apps = await connect(server, { auth, workingDirectory: folder });
  await apps.ready();
  const other = addAgent(server, "acct-2");
  const mayUpload = (): boolean => {
    auth.snapshot = other;
    return true;
  };
  const changing = await connect(server, { auth, workingDirectory: folder, mayUpload });
  expect((await rejection(changing.callTool(save, { doc: "a.txt" }))).kind).toBe("account_changed");
  expect(server.backend.requests).toEqual([]);
});

test.each([
  ["no login", undefined],
  ["an API key", { ...bearerLogin("sk-test"), usesCodexBackend: false }],
])(
  "with %s a file is refused before it is opened, in the words of the Codex CLI",
  async (_what, snapshot) => {
    const { server, folder } = await setUp();
    const transport = openTransport();
    const files = new FilesClient({
      transport,
      provider: { name: "ChatGPT", baseUrl: server.chatgptBaseUrl },
      auth: new SwitchableLogin(snapshot),
    });
    const uploading = uploadFileArguments(toToolInfo(uploader), { doc: join(folder, "missing") }, { files });
    const error = await rejection(uploading);
    expect(error).toMatchObject({
      kind: "auth_required",
      message: "ChatGPT auth is required to upload files for Codex Apps tools",
    });
    expect(server.backend.requests).toEqual([]);
  },
);

test("files are for tools of Codex Apps only", async () => {
  const info = toToolInfo(uploader, { serverName: "docs" });
  const args = { doc: "/etc/hostname" };
  const files = { upload: () => Promise.reject(new Error("it must not be asked")) };
  expect(await uploadFileArguments(info, args, { files })).toBe(args);
});

test("everything goes to the base URL that was configured, and nowhere else", async () => {
  const { server, auth, folder } = await setUp();
  const hosts = new Set<string>();
  const transport = createTransport({
    env: {},
    telemetry: { onRequest: ({ url }) => void hosts.add(new URL(url).host) },
  });
  const apps = await connect(server, { auth, transport, workingDirectory: folder });
  await apps.callTool(save, { doc: "a.txt" });
  await apps.close();
  await transport.close();
  // The last one is named by the server, for the content alone.
  expect([...hosts]).toEqual([new URL(server.origin).host, new URL(server.backend.urls.origin).host]);
});

test("a server that must not see the login gets no file either", async () => {
  const { server, auth, folder } = await setUp();
  server.credentials.tokens.set("connector-token", "acct-1");
  const env = { CODEX_CONNECTORS_TOKEN: "connector-token" };
  const apps = await connect(server, {
    auth,
    env,
    workingDirectory: folder,
    server: serverConfig(server, { env, allowedOrigins: [] }),
  });
  const error = await rejection(apps.callTool(save, { doc: "a.txt" }));
  expect(error.kind).toBe("origin");
  const changed = { ...serverConfig(server), chatgptBaseUrl: server.backend.urls.chatgpt };
  const misled = await connect(server, { auth, workingDirectory: folder, server: changed });
  expect((await rejection(misled.callTool(save, { doc: "a.txt" }))).kind).toBe("origin");
  expect(server.backend.requests).toEqual([]);
  await expect(
    connectCodexApps({
      transport: openTransport(),
      auth,
      server: codexAppsServer({ chatgptBaseUrl: server.origin }),
    }),
  ).rejects.toMatchObject({ kind: "origin" });
});
