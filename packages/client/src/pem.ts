/** The certificates of a PEM file as DER, or why there are none. */
export type PemCertificates = { readonly certificates: readonly Buffer[] } | { readonly problem: string };

interface PemSection {
  readonly label: string;
  readonly bytes: Buffer;
}

/**
 * Reads the certificates of a PEM file, in order, duplicates included. Private keys, revocation lists and unknown
 * sections are passed over, but one that is broken spoils the file: a bundle is trusted as a whole or not at all.
 *
 * Files of OpenSSL's `TRUSTED CERTIFICATE` form are read too; what they say about trust is cut off.
 */
export function parsePemCertificates(file: Uint8Array): PemCertificates {
  const text = Buffer.from(file).toString("utf8");
  const isTrustedForm = text.includes("TRUSTED CERTIFICATE");
  const plain = isTrustedForm ? text.replace(/(BEGIN|END) TRUSTED CERTIFICATE/g, "$1 CERTIFICATE") : text;
  try {
    const certificates = readSections(plain)
      .filter(({ label }) => label === "CERTIFICATE")
      .map(({ bytes }) => (isTrustedForm ? firstDerItem(bytes) : bytes));
    if (certificates.length === 0) return { problem: "no certificates found in PEM file" };
    return { certificates };
  } catch (error) {
    if (error instanceof PemProblem) return { problem: error.message };
    throw error;
  }
}

/** Writes a certificate as PEM. */
export function toPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

class PemProblem extends Error {}

const knownLabels: ReadonlySet<string> = new Set([
  "CERTIFICATE",
  "CERTIFICATE REQUEST",
  "EC PRIVATE KEY",
  "ECHCONFIG",
  "PRIVATE KEY",
  "PUBLIC KEY",
  "RSA PRIVATE KEY",
  "X509 CRL",
]);

function readSections(text: string): PemSection[] {
  const sections: PemSection[] = [];
  let label: string | undefined;
  let base64 = "";
  for (const line of text.split(/[\n\r]/)) {
    if (line.startsWith("-----BEGIN ")) {
      label = labelOf(line);
    } else if (label !== undefined && line.startsWith(`-----END ${label}-----`)) {
      if (knownLabels.has(label)) sections.push({ label, bytes: decodeBase64(base64) });
      label = undefined;
      base64 = "";
    } else if (label !== undefined) {
      base64 += line;
    }
  }
  if (label !== undefined) throw parseProblem(`missing section end marker: ${byteList(label)}`);
  return sections;
}

/** A label is followed by five dashes, no more and no fewer; blanks behind or between them do not count. */
function labelOf(beginLine: string): string {
  let position = beginLine.length;
  let labelEnd = position;
  let dashes = 0;
  for (; beginLine[position - 1] === "-" || beginLine[position - 1] === " "; position -= 1) {
    if (beginLine[position - 1] === " ") continue;
    dashes += 1;
    labelEnd = position - 1;
  }
  if (dashes !== 5) throw parseProblem(`illegal section start: ${byteList(beginLine)}`);
  return beginLine.slice("-----BEGIN ".length, labelEnd);
}

function decodeBase64(text: string): Buffer {
  const digits = text.replace(/\s/g, "");
  const padding = digits.endsWith("==") ? 2 : Number(digits.endsWith("="));
  const length = digits.length - padding;
  if (!/^[A-Za-z0-9+/]*$/.test(digits.slice(0, length))) {
    throw parseProblem(
      `base64 decode error: ${digits.includes("===") ? "InvalidTrailingPadding" : "InvalidCharacter"}`,
    );
  }
  // The last digit of a group of four cannot stand alone, and padding, where there is some, fills the group.
  if (length % 4 === 1 || (padding > 0 && digits.length % 4 !== 0)) {
    throw parseProblem("base64 decode error: InvalidTrailingPadding");
  }
  return Buffer.from(digits, "base64");
}

/** Cuts behind the first DER item, which is the certificate (ITU-T X.690, 8.1.3). */
function firstDerItem(bytes: Buffer): Buffer {
  const first = bytes[1];
  if (first === undefined) throw derProblem();
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  // 0x80 is the indefinite form, which DER forbids. Six bytes are more than any file has.
  if (first === 0x80 || lengthBytes > 6 || bytes.length < 2 + lengthBytes) throw derProblem();
  const contentLength = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  const end = 2 + lengthBytes + contentLength;
  if (end > bytes.length) throw derProblem();
  return bytes.subarray(0, end);
}

function parseProblem(text: string): PemProblem {
  return new PemProblem(`failed to parse PEM file: ${text}`);
}

function derProblem(): PemProblem {
  return new PemProblem("failed to extract certificate data from TRUSTED CERTIFICATE: invalid DER length");
}

/** The parser of the reference client shows bytes as a list of numbers. */
function byteList(text: string): string {
  return `[${[...Buffer.from(text)].join(", ")}]`;
}
