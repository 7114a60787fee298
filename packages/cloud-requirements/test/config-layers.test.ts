import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { ConfigBundle } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { toConfigLayers } from "../src/index.js";
import { startWorkspace } from "./support/start-workspace.js";

const home = resolve("/somewhere/codex");

function bundleOf(...contents: readonly string[]): ConfigBundle {
  const fragments = contents.map((text, index) => ({
    id: `frag_${index + 1}`,
    name: `Fragment ${index + 1}`,
    contents: text,
  }));
  return {
    config_toml: { enterprise_managed: fragments },
    requirements_toml: { enterprise_managed: [] },
  };
}

test("layers come in the order of a stack: what the workspace names first is the last, and wins", async () => {
  const { backend, start } = await startWorkspace();
  backend.managedConfig.setFragments({ config: ['model = "high"', 'model = "low"\nweb_search = "live"'] });

  const { configLayers, bundle } = await start().load();

  expect(configLayers.map(({ source }) => source)).toEqual([
    { id: "config_2", name: "config 2" },
    { id: "config_1", name: "config 1" },
  ]);
  const effective = Object.assign({}, ...configLayers.map(({ config }) => config));
  expect(effective).toEqual({ model: "high", web_search: "live" });
  expect(configLayers[0]?.contents).toBe('model = "low"\nweb_search = "live"');
  expect(bundle?.config_toml.enterprise_managed.map(({ id }) => id)).toEqual(["config_1", "config_2"]);
});

test("paths are those of the user's home or of the home folder of the login", async () => {
  const [layer] = await toConfigLayers(
    bundleOf(`
      log_dir = "logs"
      sqlite_home = "~/db"
      model_instructions_file = "/etc/prompt.md"
      model = "~/no-path"
      sandbox_workspace_write.writable_roots = ["work", "~", "/tmp"]
      skills.config = [{ path = "skills/a", enabled = true }]
      agents.max_threads = 3
      agents.writer.config_file = "./agents/writer.toml"
      model_providers.own.auth.cwd = "../bin"
      js_repl_node_module_dirs = []
    `),
    { home },
  );
  expect(layer?.config).toEqual({
    log_dir: join(home, "logs"),
    sqlite_home: join(homedir(), "db"),
    model_instructions_file: resolve("/etc/prompt.md"),
    model: "~/no-path",
    sandbox_workspace_write: { writable_roots: [join(home, "work"), homedir(), resolve("/tmp")] },
    skills: { config: [{ path: join(home, "skills", "a"), enabled: true }] },
    agents: { max_threads: 3, writer: { config_file: join(home, "agents", "writer.toml") } },
    model_providers: { own: { auth: { cwd: join(home, "..", "bin") } } },
    js_repl_node_module_dirs: [],
  });
});

test("what is no path is refused, and the fragment is named", async () => {
  await expect(toConfigLayers(bundleOf("", "agents.writer.config_file = 1"), { home })).rejects.toMatchObject(
    {
      code: "InvalidBundle",
      message:
        "invalid cloud config bundle: invalid cloud config fragment Fragment 2 (frag_2): agents.writer.config_file: expected a path",
    },
  );
});

test("unknown fields are let pass, unless somebody wants to be strict", async () => {
  const bundle = bundleOf('unknown_key = 1\nmodel = "m"\n[model_providers.own]\nname = "x"\nnames = 2');
  const knownFields = ["model", "model_providers.*.name", "tools"];

  expect(await toConfigLayers(bundle, { home })).toHaveLength(1);
  await expect(toConfigLayers(bundle, { home, knownFields })).rejects.toThrow(
    "invalid cloud config fragment Fragment 1 (frag_1): unknown configuration field `unknown_key`",
  );
  await expect(
    toConfigLayers(bundle, { home, knownFields: [...knownFields, "unknown_key"] }),
  ).rejects.toThrow("unknown configuration field `model_providers.own.names`");
  await expect(
    toConfigLayers(bundle, { home, knownFields: ["unknown_key", "model", "model_providers"] }),
  ).resolves.toHaveLength(1);
});

test("the names of fragments cannot forge lines of a log, and are cut", async () => {
  const bundle = {
    config_toml: {
      enterprise_managed: [{ id: "x".repeat(500), name: "a\nERROR \u001b[31m", contents: "=" }],
    },
    requirements_toml: { enterprise_managed: [] },
  };
  const error = await toConfigLayers(bundle, { home }).catch((error: Error) => error.message);
  expect(error).toMatch(/fragment a\uFFFDERROR \uFFFD\[31m \(x{100}…\): line 1/);
});

test("names that are special to JavaScript are names like others", async () => {
  const [layer] = await toConfigLayers(
    bundleOf('[__proto__]\npolluted = true\n[constructor]\nx = 1\n[agents.__proto__]\nconfig_file = "a"'),
    { home },
  );
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(Object.keys(layer?.config ?? {})).toEqual(["__proto__", "constructor", "agents"]);
});

test("dates and large integers stay what they are", async () => {
  const [layer] = await toConfigLayers(bundleOf("at = 2026-06-25T10:00:00Z\nlarge = 9223372036854775807"), {
    home,
  });
  expect(layer?.config["at"]).toBeInstanceOf(Date);
  expect(layer?.config["large"]).toBe(9223372036854775807n);
});
