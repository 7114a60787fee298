import { expect, test } from "vitest";
import type { CloudPolicies, CloudRequirementsOptions } from "../src/index.js";
import { startWorkspace } from "./support/start-workspace.js";

async function compose(
  fragments: readonly string[],
  options: Partial<CloudRequirementsOptions> = {},
): Promise<CloudPolicies["requirements"]> {
  const { backend, start } = await startWorkspace();
  backend.managedConfig.setFragments({ requirements: fragments });
  return (await start(options).load()).requirements;
}

test("what comes first wins, tables are merged, and every member says where it comes from", async () => {
  const requirements = await compose([
    'allowed_sandbox_modes = ["read-only"]\n[features]\na = true\n[mcp_servers.one.identity]\ncommand = "x"',
    'allowed_sandbox_modes = ["workspace-write"]\nenforce_residency = "us"\n[features]\na = false\nb = true',
    "[mcp_servers.two.identity]\ncommand = 'y'",
  ]);
  expect(requirements?.values).toEqual({
    allowed_sandbox_modes: ["read-only"],
    enforce_residency: "us",
    features: { a: true, b: true },
    mcp_servers: { one: { identity: { command: "x" } }, two: { identity: { command: "y" } } },
  });
  const sources = [...(requirements?.sources ?? [])].map(([name, from]) => [name, from.map(({ id }) => id)]);
  expect(Object.fromEntries(sources)).toEqual({
    allowed_sandbox_modes: ["requirements_1"],
    enforce_residency: ["requirements_2"],
    features: ["requirements_1", "requirements_2"],
    mcp_servers: ["requirements_1", "requirements_3"],
  });
});

test("no fragment takes away what another forbids", async () => {
  const rule = (name: string): string => `[[rules.prefix_rules]]\npattern = [{ token = "${name}" }]\n`;
  const requirements = await compose([
    `${rule("high")}[permissions.filesystem]\ndeny_read = ["/a", "/b"]\nallow = ["/x"]`,
    `${rule("low")}[permissions.filesystem]\ndeny_read = ["/b", "/c"]\nallow = ["/y"]`,
  ]);
  expect(requirements?.values).toEqual({
    rules: { prefix_rules: ["high", "low"].map((token) => ({ pattern: [{ token }] })) },
    permissions: { filesystem: { deny_read: ["/a", "/b", "/c"], allow: ["/x"] } },
  });
});

test("hooks of all fragments run, and must agree on where they are", async () => {
  const foreign = process.platform === "win32" ? "managed_dir" : "windows_managed_dir";
  const own = process.platform === "win32" ? "windows_managed_dir" : "managed_dir";
  const hook = (name: string): string => `[[hooks.PreToolUse]]\nmatcher = "${name}"\n`;
  const high = `hooks.${foreign} = "x"\nhooks.${own} = "/h"\n${hook("high")}`;

  const requirements = await compose([high, `hooks.${foreign} = "y"\nhooks.${own} = "/h"\n${hook("low")}`]);

  expect(requirements?.values.hooks).toEqual({
    [foreign]: "x",
    [own]: "/h",
    PreToolUse: [{ matcher: "high" }, { matcher: "low" }],
  });
  await expect(compose([high, `hooks.${own} = "/other"`])).rejects.toMatchObject({
    code: "InvalidBundle",
    message: expect.stringContaining(`requirements 1 (requirements_1): hooks.${own}: fragments disagree`),
  });
});

test.each([
  ["BUILD-7.example.org.", ["danger-full-access"]],
  ["runner-12.ci", ["workspace-write"]],
  ["laptop", ["read-only"]],
  ["xbuild-7.example.org.evil", ["read-only"]],
])("what is allowed may depend on the host: %s", async (hostname, modes) => {
  const requirements = await compose(
    [
      `allowed_sandbox_modes = ["read-only"]
      [[remote_sandbox_config]]
      hostname_patterns = ["build-?.example.org"]
      allowed_sandbox_modes = ["danger-full-access"]
      [[remote_sandbox_config]]
      hostname_patterns = ["x", "runner-*.ci"]
      allowed_sandbox_modes = ["workspace-write"]`,
      'allowed_sandbox_modes = ["external-sandbox"]',
    ],
    { hostname },
  );
  expect(requirements?.values).toEqual({ allowed_sandbox_modes: modes });
});

test("the old name of features is the same", async () => {
  const requirements = await compose(["feature_requirements = { a = true }", "features = { b = false }"]);
  expect(requirements?.values).toEqual({ features: { a: true, b: false } });
});

test.each([
  ["allowed_sandbox_modes = 3", "allowed_sandbox_modes"],
  ["allow_remote_control = 'no'", "allow_remote_control"],
  ["features = { a = 1 }", "features.a"],
  [
    "remote_sandbox_config = [{ hostname_patterns = ['*'] }]",
    "remote_sandbox_config.0.allowed_sandbox_modes",
  ],
  ["hooks = []", "hooks"],
  ["rules = { prefix_rules = [1] }", "rules.prefix_rules.0"],
])("refuses %s", async (fragment, member) => {
  await expect(compose(["", fragment])).rejects.toMatchObject({
    code: "InvalidBundle",
    message: expect.stringContaining(
      `invalid cloud config bundle: invalid cloud requirements fragment requirements 2 (requirements_2): ${member}: `,
    ),
  });
});

test("members that are not known are kept", async () => {
  const requirements = await compose(["something_new = { a = [1] }", "something_new = { b = 2 }"]);
  expect(requirements?.values).toEqual({ something_new: { a: [1], b: 2 } });
});

test.each([[[]], [["", "# nothing"]]])("nothing required: %j", async (fragments) => {
  expect(await compose(fragments)).toBeUndefined();
});
