// Installs each packed package with npm into a project of its own outside the workspace, as a user would, loads
// every entry point with `import` and with `require`, and compiles against the published types.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicPackages, root } from "./workspace.js";

const compilers = ["typescript/bin/tsc", "typescript-native/bin/tsc"];
/** Largest tarball in bytes, for packages that promise one. */
const packedLimits = { "@codex-ts/auth-provider": 10_000 };
const packages = new Map(publicPackages().map((entry) => [entry.manifest.name, entry]));

for (const { directory, manifest } of packages.values()) {
  const packed = statSync(join(directory, ".pack.tgz")).size;
  const limit = packedLimits[manifest.name] ?? Number.POSITIVE_INFINITY;
  if (packed >= limit) throw new Error(`${manifest.name} packs to ${packed} bytes, not under ${limit}`);
  const folder = mkdtempSync(join(tmpdir(), "codex-ts-consumer-"));
  try {
    cpSync(join(root, "fixtures/consumer"), folder, { recursive: true });
    const tarballs = [...closure(manifest.name)].map((name) =>
      join(packages.get(name).directory, ".pack.tgz"),
    );
    run(folder, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs]);
    const entries = Object.keys(manifest.exports)
      .filter((subpath) => manifest.exports[subpath].types !== undefined)
      .map((subpath) => manifest.name + subpath.slice(1));
    writeFileSync(join(folder, "load.js"), entries.map(importing).join("\n"));
    writeFileSync(join(folder, "load.cjs"), entries.map(requiring).join("\n"));
    writeFileSync(join(folder, "types.ts"), entries.map(typing).join("\n"));
    writeFileSync(join(folder, "types.cts"), entries.map(typing).join("\n"));
    run(folder, "node", ["load.js"]);
    run(folder, "node", ["load.cjs"]);
    for (const compiler of compilers) {
      for (const project of ["tsconfig.json", "tsconfig.bundler.json"]) {
        run(folder, "node", [join(root, "node_modules", compiler), "-p", project]);
      }
    }
    for (const bin of Object.keys(manifest.bin ?? {})) run(folder, "npx", ["--no-install", bin, "--help"]);
    console.log(
      `${manifest.name}: ${packed} bytes packed, installed, loaded and compiled, with ${installed(folder)} packages in all`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The package and every sibling that it needs: none of them can come from a registry before the first release. */
function closure(name, found = new Set()) {
  found.add(name);
  for (const dependency of Object.keys(packages.get(name).manifest.dependencies ?? {})) {
    if (packages.has(dependency) && !found.has(dependency)) closure(dependency, found);
  }
  return found;
}

function importing(entry, index) {
  return `import * as entry${index} from "${entry}";\nif (Object.keys(entry${index}).length === 0) throw new Error("${entry} exports nothing");`;
}

function requiring(entry) {
  return `if (Object.keys(require("${entry}")).length === 0) throw new Error("${entry} exports nothing");`;
}

function typing(entry, index) {
  return `import * as entry${index} from "${entry}";\nexport const names${index}: string[] = Object.keys(entry${index});`;
}

function installed(folder) {
  return readdirSync(join(folder, "node_modules"), { recursive: true })
    .filter((path) => path.endsWith("package.json"))
    .filter((path) => existsSync(join(folder, "node_modules", path)))
    .filter((path) => /^((?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/.test(path)).length;
}

function run(cwd, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed\n${stdout}${stderr}`);
}
