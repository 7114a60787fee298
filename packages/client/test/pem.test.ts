import { expect, test } from "vitest";
import { parsePemCertificates } from "../src/pem.js";
import { readVectors } from "./support/read-vectors.js";

interface BundleCase {
  readonly name: string;
  readonly input: string | { readonly base64: string };
  readonly expected: { readonly certificates_hex?: readonly string[]; readonly detail?: string };
}

const { cases } = readVectors<{ readonly cases: readonly BundleCase[] }>("pem-bundles");

test.each(cases)("bundle vector $name", ({ input, expected }) => {
  const bytes = typeof input === "string" ? Buffer.from(input) : Buffer.from(input.base64, "base64");
  const parsed = parsePemCertificates(bytes);
  expect(
    "problem" in parsed ? parsed.problem : parsed.certificates.map((der) => der.toString("hex")),
  ).toEqual(expected.detail ?? expected.certificates_hex);
});

test.each([
  ["a digit outside base64", "-----BEGIN CERTIFICATE-----\nMA_CAQE=\n-----END CERTIFICATE-----\n"],
  ["a digit that stands alone", "-----BEGIN CERTIFICATE-----\nMAMCA\n-----END CERTIFICATE-----\n"],
  ["padding that fills no group", "-----BEGIN CERTIFICATE-----\nMAMCAQ=\n-----END CERTIFICATE-----\n"],
  ["a broken revocation list", "-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n"],
  ["six dashes", "-----BEGIN CERTIFICATE------\nMAMCAQE=\n-----END CERTIFICATE-----\n"],
])("a file with %s is refused", (_, text) => {
  const parsed = parsePemCertificates(Buffer.from(text));
  expect("problem" in parsed && parsed.problem).toMatch(/^failed to parse PEM file: /);
});

test.each([
  ["no padding", "-----BEGIN CERTIFICATE-----\nMAMCAQE\n-----END CERTIFICATE-----\n"],
  ["blanks behind the begin line", "-----BEGIN CERTIFICATE-----  \nMAMCAQE=\n-----END CERTIFICATE-----\n"],
  ["lines that end in CR", "-----BEGIN CERTIFICATE-----\rMAMCAQE=\r-----END CERTIFICATE-----\r"],
])("a certificate with %s is read", (_, text) => {
  expect(parsePemCertificates(Buffer.from(text))).toEqual({
    certificates: [Buffer.from("3003020101", "hex")],
  });
});

test.each([
  ["the indefinite form", `3080${"00".repeat(200)}`],
  ["a length of many bytes", `30ff${"00".repeat(200)}`],
  ["length bytes that are missing", "3082"],
])("a trusted certificate with %s is refused", (_, hex) => {
  const base64 = Buffer.from(hex, "hex").toString("base64");
  const text = `-----BEGIN TRUSTED CERTIFICATE-----\n${base64}\n-----END TRUSTED CERTIFICATE-----\n`;
  expect(parsePemCertificates(Buffer.from(text))).toEqual({
    problem: "failed to extract certificate data from TRUSTED CERTIFICATE: invalid DER length",
  });
});
