import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "tsup";
import { afterAll, beforeAll, expect, test } from "vitest";
import { publicPackages } from "../scripts/workspace.js";

// The test backend is a program: it needs all that it has from the start.
const packages = publicPackages().filter(({ tags }) => !tags.includes("tooling"));
const thirdParties = [...new Set(packages.flatMap(({ manifest }) => dependenciesOf(manifest)))]
  .filter((name) => !name.startsWith("@codex-ts/"))
  .sort();
let folder: string;

// The bundles stand where no package can be found, so that an import that is not put off fails.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "codex-ts-imports-"));
  await build({
    config: false,
    silent: true,
    clean: false,
    entry: Object.fromEntries(
      packages.map(({ directory }) => [basename(directory), join(directory, "src/index.ts")]),
    ),
    outDir: folder,
    outExtension: () => ({ js: ".mjs" }),
    format: ["esm"],
    target: "node20",
    noExternal: [/^@codex-ts\//],
    external: thirdParties,
    esbuildOptions(options) {
      options.conditions = ["@codex-ts/source"];
    },
  });
});

afterAll(() => rm(folder, { recursive: true }));

test.each(packages.map(({ directory }) => basename(directory)))(
  "importing %s loads no package of anybody else",
  async (name) => {
    const bundle = pathToFileURL(join(folder, `${name}.mjs`)).href;
    const script = `import(${JSON.stringify(bundle)}).then((found) => process.stdout.write(String(Object.keys(found).length)))`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
    expect(Number(stdout)).toBeGreaterThan(0);
  },
);

test.each(thirdParties)("%s is loaded where it is needed", async (name) => {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".mjs"));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  expect(texts.some((text) => new RegExp(`(?:from |import\\()"${name}[/"]`).test(text))).toBe(true);
});

function dependenciesOf({
  dependencies = {},
  optionalDependencies = {},
  peerDependencies = {},
}: Readonly<Record<string, Readonly<Record<string, string>>>>): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}
