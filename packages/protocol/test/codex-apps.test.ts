import { expect, test } from "vitest";
import {
  codexAppsServerInfoFileSchema,
  codexAppsToolsFileSchema,
  mcpCallResultSchema,
  mcpServerInfoSchema,
  mcpToolsPageSchema,
} from "../src/schemas/index.js";

const info = {
  server_name: "codex_apps",
  supports_parallel_tool_calls: false,
  server_origin: null,
  tool_name: "_send",
  tool_namespace: "codex_apps__gmail",
  namespace_description: null,
  tool: { name: "gmail_send", _meta: { a: 1 }, more: [1] },
  connector_id: null,
  connector_name: null,
  plugin_display_names: [],
};

test("reads tools as they are cached, with everything that their server says of them", () => {
  expect(codexAppsToolsFileSchema.parse({ schema_version: 4, tools: [info] })).toStrictEqual({
    schema_version: 4,
    tools: [info],
  });
});

test("fills in what earlier versions left out, and reads the names that they wrote", () => {
  const { server_name, tool } = info;
  const former = {
    callable_name: "_send",
    callable_namespace: "codex_apps__gmail",
    connector_description: "d",
  };
  expect(
    codexAppsToolsFileSchema.parse({ schema_version: 4, tools: [{ server_name, tool, ...former }] }),
  ).toStrictEqual({
    schema_version: 4,
    tools: [{ ...info, namespace_description: "d" }],
  });
});

test.each([
  { schema_version: 3, tools: [] },
  { schema_version: 5, tools: [] },
  { tools: [] },
  { schema_version: 4, tools: null },
  { schema_version: 4, tools: [7] },
  { schema_version: 4, tools: [{ ...info, tool: { title: "x" } }] },
  { schema_version: 4, tools: [{ ...info, tool_name: undefined }] },
])("refuses %j as a file of tools", (file) => {
  expect(codexAppsToolsFileSchema.safeParse(file).success).toBe(false);
});

test("what a server does not say of itself is null", () => {
  const said = { name: "apps", version: "1", title: null, description: null, icons: null, websiteUrl: null };
  expect(mcpServerInfoSchema.parse({ name: "apps", version: "1", more: 1 })).toStrictEqual(said);
  expect(codexAppsServerInfoFileSchema.safeParse({ schema_version: 1, server_info: said }).success).toBe(
    true,
  );
  expect(codexAppsServerInfoFileSchema.safeParse({ schema_version: 2, server_info: said }).success).toBe(
    false,
  );
});

test("reads a page of tools", () => {
  expect(mcpToolsPageSchema.parse({ tools: [{ name: "a", x: 1 }] })).toStrictEqual({
    tools: [{ name: "a", x: 1 }],
    nextCursor: null,
  });
  expect(mcpToolsPageSchema.safeParse({ tools: [{ name: 1 }] }).success).toBe(false);
  expect(mcpToolsPageSchema.safeParse({}).success).toBe(false);
});

test("keeps parts of a result that nobody knows", () => {
  const result = { content: [{ type: "hologram", x: 1 }], structuredContent: { a: 1 }, more: 1 };
  expect(mcpCallResultSchema.parse(result)).toEqual(result);
  expect(mcpCallResultSchema.parse({})).toMatchObject({ content: [] });
  expect(mcpCallResultSchema.safeParse({ content: "text" }).success).toBe(false);
});
