import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTrustedRoots, isTransportError, readCaBundle, selectCaBundles } from "../src/index.js";
import { tlsFixture } from "./support/tls-fixtures.js";

const companyCa = tlsFixture("company-ca.pem");
const interceptorCa = tlsFixture("interceptor-ca.pem");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "roots-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function subjects(pems: readonly string[] | undefined): string[] {
  return (pems ?? []).map((pem) => new X509Certificate(pem).subject);
}

function failureOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (isTransportError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

test.each([
  [{ CODEX_CA_CERTIFICATE: "/a", SSL_CERT_FILE: "/b" }, ["CODEX_CA_CERTIFICATE=/a"]],
  [{ SSL_CERT_FILE: "/b" }, ["SSL_CERT_FILE=/b"]],
  [{ CODEX_CA_CERTIFICATE: "", SSL_CERT_FILE: "/b" }, ["SSL_CERT_FILE=/b"]],
  [{ CODEX_CA_CERTIFICATE: " " }, ["CODEX_CA_CERTIFICATE= "]],
  [{ SSL_CERT_FILE: "/b", NODE_EXTRA_CA_CERTS: "/c" }, ["SSL_CERT_FILE=/b", "NODE_EXTRA_CA_CERTS=/c"]],
  [{ NODE_EXTRA_CA_CERTS: "" }, []],
  [{}, []],
])("selects from %o", (env, expected) => {
  expect(selectCaBundles(env).map(({ variable, path }) => `${variable}=${path}`)).toEqual(expected);
});

test("reads a bundle of several certificates as one text each", () => {
  const path = file("two.pem", readFileSync(companyCa, "utf8") + readFileSync(interceptorCa, "utf8"));
  expect(subjects(readCaBundle({ variable: "SSL_CERT_FILE", path }))).toEqual([
    "CN=Test CA company",
    "CN=Test CA interceptor",
  ]);
});

test.each(["company-ca-trusted.pem", "company-ca-with-crl.pem"])("reads %s", (name) => {
  const bundle = readCaBundle({ variable: "CODEX_CA_CERTIFICATE", path: tlsFixture(name) });
  expect(bundle).toEqual([readFileSync(companyCa, "utf8")]);
});

const hint =
  "If you set CODEX_CA_CERTIFICATE or SSL_CERT_FILE, ensure it points to a PEM file containing one or more CERTIFICATE blocks, or unset it to use system roots.";

test("says which variable names a file that cannot be read", () => {
  const path = join(folder, "missing.pem");
  const error = failureOf(() => readCaBundle({ variable: "CODEX_CA_CERTIFICATE", path }));
  expect(error).toMatchObject({ kind: "build", code: "ca", cause: { code: "ENOENT" } });
  expect(error.message).toBe(
    `Failed to read CA certificate file ${path} selected by CODEX_CA_CERTIFICATE: ENOENT: no such file or directory, open '${path}'. ${hint}`,
  );
});

test("says which variable names a file without certificates", () => {
  const path = file("empty.pem", "");
  const error = failureOf(() => readCaBundle({ variable: "SSL_CERT_FILE", path }));
  expect(error).toMatchObject({ kind: "build", code: "ca" });
  expect(error.message).toBe(
    `Failed to load CA certificates from ${path} selected by SSL_CERT_FILE: no certificates found in PEM file. ${hint}`,
  );
});

test("says which certificate is none", () => {
  const broken = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
  const path = file("broken.pem", readFileSync(companyCa, "utf8") + broken);
  const error = failureOf(() => readCaBundle({ variable: "SSL_CERT_FILE", path }));
  expect(error).toMatchObject({ kind: "build", code: "ca" });
  expect(error.message).toMatch(`Failed to parse certificate #2 from ${path} selected by SSL_CERT_FILE: `);
  expect(error.message.endsWith(`. ${hint}`)).toBe(true);
});

test("names NODE_EXTRA_CA_CERTS alone in the hint for its file", () => {
  const error = failureOf(() => readCaBundle({ variable: "NODE_EXTRA_CA_CERTS", path: folder }));
  expect(error.message).toContain("If you set NODE_EXTRA_CA_CERTS, ensure");
});

test("names no roots when there is nothing to add", () => {
  expect(createTrustedRoots({})()).toBeUndefined();
});

test("adds all bundles to the roots of the runtime, each certificate once", () => {
  const env = {
    CODEX_CA_CERTIFICATE: companyCa,
    SSL_CERT_FILE: "/missing",
    NODE_EXTRA_CA_CERTS: interceptorCa,
  };
  const roots = createTrustedRoots(env, [readFileSync(companyCa, "utf8")])();
  expect(roots?.slice(-2)).toEqual([companyCa, interceptorCa].map((path) => readFileSync(path, "utf8")));
  expect(roots?.length).toBeGreaterThanOrEqual(rootCertificates.length + 2);
  const fingerprints = roots?.map((pem) => new X509Certificate(pem).fingerprint256);
  expect(new Set(fingerprints).size).toBe(roots?.length);
});

test("fails on a bad winner although the loser is good, and on a bad extra bundle", () => {
  const bad = file("bad.pem", "no certificate");
  const roots = createTrustedRoots({ CODEX_CA_CERTIFICATE: bad, SSL_CERT_FILE: companyCa });
  expect(failureOf(roots).message).toContain("CODEX_CA_CERTIFICATE");
  const extra = createTrustedRoots({ CODEX_CA_CERTIFICATE: companyCa, NODE_EXTRA_CA_CERTS: bad });
  expect(failureOf(extra).message).toContain("NODE_EXTRA_CA_CERTS");
});

test("keeps the same roots until the file changes", () => {
  const path = file("rotated.pem", readFileSync(companyCa, "utf8"));
  const roots = createTrustedRoots({ SSL_CERT_FILE: path });
  const first = roots();
  expect(roots()).toBe(first);
  renameSync(file("next.pem", readFileSync(interceptorCa, "utf8")), path);
  expect(subjects(roots()?.slice(-1))).toEqual(["CN=Test CA interceptor"]);
});

test("follows a variable that changes", () => {
  const env: Record<string, string | undefined> = { SSL_CERT_FILE: companyCa };
  const roots = createTrustedRoots(env);
  roots();
  env["SSL_CERT_FILE"] = relative(process.cwd(), interceptorCa);
  expect(subjects(roots()?.slice(-1))).toEqual(["CN=Test CA interceptor"]);
  env["SSL_CERT_FILE"] = undefined;
  expect(roots()).toBeUndefined();
});

test("recovers when a broken file has been mended", () => {
  const path = join(folder, "late.pem");
  const roots = createTrustedRoots({ SSL_CERT_FILE: path });
  expect(() => roots()).toThrow("Failed to read CA certificate file");
  writeFileSync(path, readFileSync(companyCa));
  expect(subjects(roots()?.slice(-1))).toEqual(["CN=Test CA company"]);
});

test("refuses additional certificates that are none", () => {
  expect(failureOf(() => createTrustedRoots({}, ["hello"]))).toMatchObject({ kind: "build", code: "ca" });
});
