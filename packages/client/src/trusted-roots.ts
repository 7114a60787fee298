import { statSync } from "node:fs";
import { type CaBundle, readCaBundle, selectCaBundles } from "./ca-bundle.js";
import type { Environment } from "./environment.js";
import { readSystemRoots } from "./system-roots.js";

/**
 * Creates a function that tells which root certificates to trust: those of the runtime and of the system, and with
 * them the bundles that the environment names ({@link selectCaBundles}) and `extra`.
 *
 * Made for the option `ca` of Node's TLS functions, which replaces the runtime's roots. Files are read again when
 * the variable or the file has changed.
 *
 * @param extra - PEM texts that are trusted as well.
 * @returns PEM texts, the same array for as long as nothing changes. Nothing when there is nothing to add to what the
 * runtime trusts by itself.
 * @throws The function throws {@link TransportError} of kind `build`, code `ca`, as {@link readCaBundle} does.
 * A bundle that cannot be used is never left out in silence.
 */
export function createTrustedRoots(
  env: Environment,
  extra: readonly string[] = [],
): () => readonly string[] | undefined {
  let systemRoots: readonly string[] | undefined;
  let version = "";
  let roots: readonly string[] | undefined;

  return () => {
    const bundles = selectCaBundles(env);
    if (bundles.length === 0 && extra.length === 0) return undefined;
    const currentVersion = bundles.map(versionOf).join("\n");
    if (roots !== undefined && version === currentVersion) return roots;
    systemRoots ??= readSystemRoots();
    roots = [...new Set([...systemRoots, ...bundles.flatMap(readCaBundle), ...extra])];
    version = currentVersion;
    return roots;
  };
}

/** Changes when the file does. A file that is missing has a version too: reading it raises the error. */
function versionOf({ variable, path }: CaBundle): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return `${variable} ${path} ${stat?.mtimeMs} ${stat?.size} ${stat?.ino}`;
}
