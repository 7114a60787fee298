import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { root, workspacePackages } from "../scripts/workspace.js";

const floors = ["contract", "transport", "service", "credential", "assembly", "tooling"];
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});

test.each(workspacePackages().map(({ directory, tags }) => [basename(directory), tags]))(
  "%s stands on exactly one known floor",
  (_name, tags) => {
    expect(tags).toHaveLength(1);
    expect(floors).toContain(tags[0]);
  },
);

test("lint passes on a copy that nothing was written into", () => {
  expect(lint(copyOfWorkspace())).toMatchObject({ status: 0 });
});

test.each([
  ["a service imports agent-identity", "api", "agent-identity"],
  ["a service imports login", "api", "login"],
  ["the transport imports a service", "client", "api"],
  ["a credential imports a service", "agent-identity", "api"],
  ["a service imports a sibling that it is not meant to", "connectors", "api"],
])("lint fails when %s, although the dependency is declared", (_name, importer, imported) => {
  const copy = copyOfWorkspace();
  const manifestPath = join(copy, "packages", importer, "package.json");
  const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
  manifest.dependencies[`@codex-ts/${imported}`] = "workspace:^";
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  writeImport(copy, importer, imported);
  const { status, output } = lint(copy);
  expect(output).toContain(`@codex-ts/${imported}`);
  expect(status).toBe(1);
});

test("lint fails when a service imports a credential that it does not declare", () => {
  const copy = copyOfWorkspace();
  writeImport(copy, "api", "agent-identity");
  const { status, output } = lint(copy);
  expect(output).toContain("@codex-ts/agent-identity");
  expect(status).toBe(1);
});

test("lint fails when a comment silences the boundary", () => {
  const copy = copyOfWorkspace();
  const comment = `// ${["@boundaries", "ignore"].join("-")} just this once\n`;
  writeImport(copy, "api", "agent-identity", comment);
  const { status, output } = lint(copy);
  expect(output).toContain("is not allowed");
  expect(status).toBe(1);
});

test("lint fails when the contract imports anything at all", () => {
  const copy = copyOfWorkspace();
  writeFileSync(
    join(copy, "packages/auth-provider/src/wrong-way.ts"),
    'import { readFileSync } from "node:fs";\n\nexport const read: typeof readFileSync = readFileSync;\n',
  );
  const { status, output } = lint(copy);
  expect(output).toContain("The contract package imports nothing.");
  expect(status).toBe(1);
});

function copyOfWorkspace(): string {
  const copy = mkdtempSync(join(tmpdir(), "codex-ts-floors-"));
  copies.push(copy);
  const files = [
    ".gitignore",
    "biome.json",
    "package.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    "scripts",
  ];
  for (const file of [...files, "tsconfig.base.json", "turbo.json"]) {
    cpSync(join(root, file), join(copy, file), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const { directory } of workspacePackages()) {
    const target = join(copy, "packages", basename(directory));
    mkdirSync(target, { recursive: true });
    for (const file of ["package.json", "turbo.json", "tsconfig.json", "src"]) {
      cpSync(join(directory, file), join(target, file), { recursive: true });
    }
  }
  return copy;
}

function writeImport(copy: string, importer: string, imported: string, comment = ""): void {
  writeFileSync(
    join(copy, "packages", importer, "src", "wrong-way.ts"),
    `${comment}import * as wrongWay from "@codex-ts/${imported}";\n\nexport const names: string[] = Object.keys(wrongWay);\n`,
  );
}

function lint(copy: string): { status: number | null; output: string } {
  const { scripts } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
  const { status, stdout, stderr } = spawnSync(scripts.lint, {
    cwd: copy,
    shell: true,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
      TURBO_TELEMETRY_DISABLED: "1",
    },
  });
  return { status, output: stdout + stderr };
}
