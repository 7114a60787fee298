import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toModelTools, toToolInfo } from "../src/index.js";
import { toolInfo } from "./support/tool-info.js";

const shown = (tools: ReturnType<typeof toModelTools>) =>
  tools.map(({ namespace, name }) => `${namespace}/${name}`);

describe("toToolInfo", () => {
  const _meta = {
    connector_id: "c",
    connector_name: "C",
    connector_display_name: "C",
    connector_description: "d",
    connectorDescription: "d",
    "openai/fileParams": ["doc"],
    _codex_apps: {},
  };

  test("takes exactly the five members of connectors from tools of other servers", () => {
    const facts = { serverName: "docs", serverInstructions: "Read.", serverOrigin: "https://docs.example" };
    expect(toToolInfo({ name: "Find Page", title: "C_x", _meta, more: 1 }, facts)).toEqual({
      server_name: "docs",
      supports_parallel_tool_calls: false,
      server_origin: "https://docs.example",
      tool_name: "Find Page",
      tool_namespace: "docs",
      namespace_description: "Read.",
      tool: {
        name: "Find Page",
        title: "C_x",
        more: 1,
        _meta: { "openai/fileParams": ["doc"], _codex_apps: {} },
      },
      connector_id: null,
      connector_name: null,
      plugin_display_names: [],
    });
  });

  test("leaves them to tools of Codex Apps, with everything else", () => {
    const tool = { name: "c_find", _meta, inputSchema: { a: 1 }, more: 1 };
    expect(toToolInfo(tool).tool).toEqual(tool);
  });

  test("describes a connector by nothing rather than by the server", () => {
    const tool = { name: "x", _meta: { connector_id: "c" } };
    expect(toToolInfo(tool, { serverInstructions: "inst" }).namespace_description).toBeNull();
  });
});

describe("toModelTools", () => {
  test("files are paths for tools of Codex Apps only", () => {
    const tool = {
      name: "up",
      inputSchema: { properties: { doc: { type: "object" } } },
      _meta: { "openai/fileParams": ["doc"] },
    };
    const [ours] = toModelTools([toToolInfo(tool)]);
    const [theirs] = toModelTools([toToolInfo(tool, { serverName: "docs" })]);
    expect(ours?.inputSchema).not.toEqual(tool.inputSchema);
    expect(theirs?.inputSchema).toEqual(tool.inputSchema);
  });

  test("leaves out tools that are not meant for the model", () => {
    const tools = [["app"], ["model", "app"], "app", undefined].map((visibility, index) =>
      toolInfo({ tool_name: `t${index}`, tool: { name: `t${index}`, _meta: { ui: { visibility } } } }),
    );
    expect(shown(toModelTools(tools))).toEqual(["codex_apps/t1", "codex_apps/t2", "codex_apps/t3"]);
  });

  test.each([
    [{}, ["a", "b", "c"]],
    [{ enabledTools: ["a", "b"] }, ["a", "b"]],
    [{ enabledTools: [] }, []],
    [{ disabledTools: ["b"] }, ["a", "c"]],
    [{ enabledTools: ["a", "b"], disabledTools: ["b", "c"] }, ["a"]],
  ])("filters by the names of the server: %j", (filter, left) => {
    const tools = ["a", "b", "c"].map((name) => toolInfo({ tool_name: `shown_${name}`, tool: { name } }));
    const other = toolInfo({ server_name: "docs", tool_namespace: "docs", tool: { name: "b" } });
    const filtered = toModelTools([...tools, other], { filters: { codex_apps: filter } });
    expect(filtered.map(({ info }) => `${info.server_name}/${info.tool.name}`)).toEqual([
      ...left.map((name) => `codex_apps/${name}`),
      "docs/b",
    ]);
  });

  test("tells connectors of the same name apart by a hash of the namespace", () => {
    const tools = ["c1", "c2"].map((connector_id) =>
      toolInfo({
        connector_id,
        tool_namespace: "codex_apps__gmail",
        tool_name: "_send",
        tool: { name: "send" },
      }),
    );
    const names = shown(toModelTools(tools));
    expect(new Set(names).size).toBe(2);
    // sha1("codex_apps\0codex_apps__gmail\0c1")
    for (const name of names) expect(name).toMatch(/^codex_apps__gmail_[0-9a-f]{12}\/_send$/);
    const alone = toModelTools(tools.slice(0, 1));
    expect(shown(alone)).toEqual(["codex_apps__gmail/_send"]);
  });

  test("puts the hash in front of two underscores at the end of a namespace", () => {
    const tools = ["c1", "c2"].map((connector_id) => toolInfo({ connector_id, tool_namespace: "apps__" }));
    for (const { namespace } of toModelTools(tools)) expect(namespace).toMatch(/^apps_[0-9a-f]{12}__$/);
  });

  test("cuts a namespace that leaves no room for a name", () => {
    const [tool] = toModelTools([toolInfo({ tool_namespace: "n".repeat(80), tool_name: "find" })]);
    expect(tool?.namespace).toBe("n".repeat(49));
    expect(tool?.name).toMatch(/^_[0-9a-f]{12}$/);
  });

  test("names plugins by the connector, or by the server of a tool without one, sorted and once", () => {
    const plugins = [
      { displayName: "zeta", connectorIds: ["c1"] },
      { displayName: "alpha", connectorIds: ["c1", "c2"], serverNames: ["codex_apps"] },
      { displayName: "alpha", connectorIds: ["c1"] },
    ];
    const tools = [
      toolInfo({ tool_name: "a", connector_id: "c1", tool: { name: "a" } }),
      toolInfo({ tool_name: "b", connector_id: null, tool: { name: "b" } }),
      toolInfo({ tool_name: "c", connector_id: "c3", tool: { name: "c" } }),
    ];
    const byName = toModelTools(tools, { plugins }).map(({ pluginDisplayNames, info }) => [
      pluginDisplayNames,
      info.plugin_display_names,
    ]);
    expect(byName.flat()).toEqual(
      expect.arrayContaining([["alpha", "zeta"], ["alpha", "zeta"], ["alpha"], ["alpha"], [], []]),
    );
  });

  test("gives every tool a name of its own that can be called, in any order", () => {
    const part = fc.string({
      unit: fc.constantFrom("a", "A", "_", "-", " ", "é", "😀", "\0"),
      maxLength: 70,
    });
    const info = fc
      .record({
        server_name: fc.constantFrom("codex_apps", "docs", ""),
        tool_namespace: part,
        tool_name: part,
        connector_id: fc.option(part),
        raw: part,
      })
      .map(({ raw, ...facts }) => toolInfo({ ...facts, tool: { name: raw } }));
    fc.assert(
      fc.property(fc.array(info, { maxLength: 12 }), fc.boolean(), (infos, mcpPrefix) => {
        const tools = toModelTools(infos, { mcpPrefix });
        const joined = tools.map(({ namespace, name }) => namespace + name);
        expect(new Set(joined).size).toBe(joined.length);
        for (const name of joined) expect(name).toMatch(/^\w{2,62}$/);
        expect(shown(toModelTools(infos.toReversed(), { mcpPrefix }))).toEqual(shown(tools));
        const identity = ({
          server_name,
          tool_namespace,
          connector_id,
          tool_name,
          tool,
        }: (typeof infos)[number]) =>
          JSON.stringify([server_name, tool_namespace, connector_id ?? "", tool_name, tool.name]);
        expect(tools).toHaveLength(new Set(infos.map(identity)).size);
      }),
    );
  });
});
