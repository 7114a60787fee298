import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Every package of the workspace: folder, manifest, and the tags that give its floor. */
export function workspacePackages(folder = root) {
  return readdirSync(join(folder, "packages"))
    .map((name) => join(folder, "packages", name))
    .filter((directory) => existsSync(join(directory, "package.json")))
    .map((directory) => {
      const turbo = join(directory, "turbo.json");
      return {
        directory,
        manifest: readJson(join(directory, "package.json")),
        tags: existsSync(turbo) ? (readJson(turbo).tags ?? []) : [],
      };
    });
}

/** The packages that are published. */
export function publicPackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
