// `turbo boundaries` can be silenced by a comment above an import. Here it may not be.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { workspacePackages } from "./workspace.js";

const marker = ["@boundaries", "ignore"].join("-");
const found = workspacePackages(process.cwd())
  .flatMap(({ directory }) => ["src", "test"].map((folder) => join(directory, folder)))
  .flatMap((folder) => filesBelow(folder))
  .filter((file) => readFileSync(file, "utf8").includes(marker));
if (found.length > 0) {
  console.error(`${marker} is not allowed:\n${found.join("\n")}`);
  process.exitCode = 1;
}

function filesBelow(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
