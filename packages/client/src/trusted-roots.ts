import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type CaBundle, readCaBundle, selectCaBundles } from "./ca-bundle.js";
import type { Environment } from "./environment.js";
import { TransportError } from "./errors.js";
import { parsePemCertificates, toPem } from "./pem.js";
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
 * @throws {@link TransportError} of kind `build`, code `ca`: at once when `extra` is not in order, and the function when
 * a bundle is not, see {@link readCaBundle}. A bundle that cannot be used is never left out in silence.
 */
export function createTrustedRoots(
  env: Environment,
  extra: readonly string[] = [],
): () => readonly string[] | undefined {
  const extraRoots = extra.flatMap(certificatesIn);
  let systemRoots: readonly string[] | undefined;
  let version = "";
  let roots: readonly string[] | undefined;

  return () => {
    const bundles = selectCaBundles(env);
    if (bundles.length === 0 && extraRoots.length === 0) return undefined;
    const currentVersion = bundles.map(versionOf).join("\n");
    if (roots !== undefined && version === currentVersion) return roots;
    systemRoots ??= readSystemRoots();
    roots = [...new Set([...systemRoots, ...bundles.flatMap(readCaBundle), ...extraRoots])];
    version = currentVersion;
    return roots;
  };
}

function certificatesIn(pem: string): string[] {
  const parsed = parsePemCertificates(Buffer.from(pem));
  if ("certificates" in parsed) return parsed.certificates.map(toPem);
  throw new TransportError(`the additional certificates cannot be used: ${parsed.problem}`, {
    kind: "build",
    code: "ca",
  });
}

/** Changes when the file does. A file that cannot be read has a version too: reading it raises the error. */
function versionOf({ variable, path }: CaBundle): string {
  try {
    const { ino, mtimeMs, size } = statSync(path);
    return `${variable} ${resolve(path)} ${ino} ${mtimeMs} ${size}`;
  } catch {
    return `${variable} ${path}`;
  }
}
