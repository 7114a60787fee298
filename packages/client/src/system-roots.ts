import { readFileSync } from "node:fs";
import { parsePemCertificates, toPem } from "./pem.js";

/**
 * Reads the root certificates that come with Node and those of the operating system, as PEM.
 *
 * Node asks the system itself from 22.15 on. Before that it does not, and the file is read where Linux
 * distributions keep it; on macOS and Windows only Node's own roots remain.
 */
export function readSystemRoots(): readonly string[] {
  // Loaded here and not above, because it takes longer to load than this whole package.
  const tls: NewerTls = process.getBuiltinModule("node:tls");
  return [...tls.rootCertificates.map(rewritten), ...rootsOfSystem(tls)];
}

function rootsOfSystem({ getCACertificates }: NewerTls): readonly string[] {
  if (getCACertificates === undefined) return process.platform === "linux" ? rootsOfLinux() : [];
  return getCACertificates("system").map(rewritten);
}

/** `getCACertificates` is newer than Node 20. */
interface NewerTls {
  readonly rootCertificates: readonly string[];
  readonly getCACertificates?: (type: "system") => readonly string[];
}

const linuxBundles: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine, Arch
  "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, Red Hat
  "/etc/ssl/ca-bundle.pem", // openSUSE
  "/etc/ssl/cert.pem", // Alpine without ca-certificates
];

/** Nobody has named these files, so one that is missing or broken is passed over. */
function rootsOfLinux(): readonly string[] {
  for (const path of linuxBundles) {
    const parsed = tryToParse(path);
    if (parsed !== undefined && "certificates" in parsed) return parsed.certificates.map(toPem);
  }
  return [];
}

function tryToParse(path: string): ReturnType<typeof parsePemCertificates> | undefined {
  try {
    return parsePemCertificates(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Writes all certificates in the same way, so that the same certificate is the same text. Node's have longer lines. */
function rewritten(pem: string): string {
  return toPem(Buffer.from(pem.replace(/-----[^-]*-----/g, ""), "base64"));
}
