import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One of our packages as it is published. */
export interface WorkspacePackage {
  readonly name: string;
  /** Import specifiers of its entry points. */
  readonly entries: readonly string[];
  readonly tarball: string;
  /** Those of its dependencies that are ours too. */
  readonly siblings: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** All packages of the workspace that are published, by name. Their tarballs must have been packed. */
export function workspacePackages(root: string): ReadonlyMap<string, WorkspacePackage> {
  const packages = new Map<string, WorkspacePackage>();
  for (const folder of readdirSync(join(root, "packages"))) {
    const directory = join(root, "packages", folder);
    const manifestFile = join(directory, "package.json");
    if (!existsSync(manifestFile)) continue;
    const manifest = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest;
    if (manifest.private === true) continue;
    const { name, exports = {}, dependencies = {} } = manifest;
    packages.set(name, {
      name,
      entries: Object.keys(exports)
        .filter((subpath) => !subpath.endsWith(".json"))
        .map((subpath) => name + subpath.slice(1)),
      tarball: join(directory, ".pack.tgz"),
      siblings: Object.entries(dependencies)
        .filter(([, range]) => range.startsWith("workspace:"))
        .map(([dependency]) => dependency),
    });
  }
  return packages;
}

/** The tarballs of a package and of every sibling that it needs: none comes from a registry. */
export function tarballsOf(name: string, packages: ReadonlyMap<string, WorkspacePackage>): string[] {
  const tarballs = new Set<string>();
  const collect = (wanted: string): void => {
    const found = packages.get(wanted);
    if (found === undefined) throw new TypeError(`${wanted} is not a published package of the workspace`);
    if (tarballs.has(found.tarball)) return;
    tarballs.add(found.tarball);
    for (const sibling of found.siblings) collect(sibling);
  };
  collect(name);
  return [...tarballs];
}
