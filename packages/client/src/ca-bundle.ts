import { readFileSync } from "node:fs";
import type { Environment } from "./environment.js";
import { TransportError } from "./errors.js";
import { parsePemCertificates, toPem } from "./pem.js";

/** A file of certificates that the environment names. */
export interface CaBundle {
  /** The variable that names it. */
  readonly variable: "CODEX_CA_CERTIFICATE" | "NODE_EXTRA_CA_CERTS" | "SSL_CERT_FILE";
  readonly path: string;
}

/**
 * Picks the bundles to trust: that of `CODEX_CA_CERTIFICATE`, or of `SSL_CERT_FILE` if that is not set, and that of
 * `NODE_EXTRA_CA_CERTS`. A variable that is empty counts as not set.
 *
 * Node reads `NODE_EXTRA_CA_CERTS` itself, but once, when it starts, and not for connections that name their
 * certificates.
 */
export function selectCaBundles(env: Environment): readonly CaBundle[] {
  return [
    selected(env, "CODEX_CA_CERTIFICATE") ?? selected(env, "SSL_CERT_FILE"),
    selected(env, "NODE_EXTRA_CA_CERTS"),
  ].filter((bundle) => bundle !== undefined);
}

/**
 * Reads a bundle.
 *
 * @returns Its certificates as PEM, one text each.
 * @throws {@link TransportError} of kind `build`, code `ca`, when the file cannot be read or is not in order. The
 * message names the variable and the path.
 */
export function readCaBundle(bundle: CaBundle): readonly string[] {
  const parsed = parsePemCertificates(readFile(bundle));
  const from = `from ${bundle.path} selected by ${bundle.variable}`;
  if ("problem" in parsed) throw caError(bundle, `Failed to load CA certificates ${from}: ${parsed.problem}`);
  // Loaded here and not above, because it takes longer to load than this whole package.
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  return parsed.certificates.map((certificate, index) => {
    try {
      return toPem(new X509Certificate(certificate).raw);
    } catch (cause) {
      throw caError(bundle, `Failed to parse certificate #${index + 1} ${from}: ${textOf(cause)}`, cause);
    }
  });
}

function selected(env: Environment, variable: CaBundle["variable"]): CaBundle | undefined {
  const path = env[variable];
  return path === undefined || path === "" ? undefined : { variable, path };
}

function readFile(bundle: CaBundle): Buffer {
  try {
    return readFileSync(bundle.path);
  } catch (cause) {
    const failed = `Failed to read CA certificate file ${bundle.path} selected by ${bundle.variable}`;
    throw caError(bundle, `${failed}: ${textOf(cause)}`, cause);
  }
}

function caError({ variable }: CaBundle, message: string, cause?: unknown): TransportError {
  const names = variable === "NODE_EXTRA_CA_CERTS" ? variable : "CODEX_CA_CERTIFICATE or SSL_CERT_FILE";
  const hint = `If you set ${names}, ensure it points to a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.`;
  return new TransportError(`${message}. ${hint}`, { kind: "build", code: "ca", cause });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
