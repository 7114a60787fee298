import { createPublicKey, verify } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AgentKey, generateAgentKey } from "../src/index.js";
import { thrownBy } from "./support/errors.js";
import { bytes, vectors } from "./support/vectors.js";

const { key: keyVector } = vectors;

describe("AgentKey.fromPkcs8Base64", () => {
  test.each([
    ["version 1", keyVector.pkcs8_version_1],
    ["version 2", keyVector.pkcs8_version_2],
  ])("reads %s", (_name, text) => {
    const key = AgentKey.fromPkcs8Base64(text);
    expect(Buffer.from(key.publicKey).toString("hex")).toBe(keyVector.public_key_hex);
    expect(key.sshPublicKey).toBe(keyVector.ssh_public_key);
    expect(key.toPkcs8Base64()).toBe(keyVector.pkcs8_version_2);
  });

  test.each(vectors.bad_keys)("refuses a key that is wrong: $name", ({ key, error }) => {
    const thrown = thrownBy(() => AgentKey.fromPkcs8Base64(key));
    expect(thrown).toMatchObject({ message: error, kind: "invalid_key", retryable: false });
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain(key.slice(0, 24));
  });

  test("reads a version 1 key with attributes", () => {
    const attributes = "a00b3009060355040331020c00";
    const body = `020100300506032b657004220420${keyVector.seed_hex}${attributes}`;
    const der = `30${(body.length / 2).toString(16)}${body}`;
    const key = AgentKey.fromPkcs8Base64(Buffer.from(der, "hex").toString("base64"));
    expect(key.toPkcs8Base64()).toBe(keyVector.pkcs8_version_2);
  });

  const version1 = Buffer.from(keyVector.pkcs8_version_1, "base64").toString("hex");
  const version2 = Buffer.from(keyVector.pkcs8_version_2, "base64").toString("hex");
  test.each([
    ["nothing", ""],
    ["the last byte cut off", version1.slice(0, -2)],
    ["a byte after the end", `${version1}00`],
    ["a byte after the seed, inside", version1.replace("302e", "302f").concat("00")],
    [
      "a byte after the seed, in its wrapper",
      `${version1.replace("302e", "302f").replace("04220420", "04230420")}00`,
    ],
    ["a seed of 31 bytes", version1.replace("302e", "302d").replace("04220420", "0421041f").slice(0, -2)],
    ["version 2 without a public key", version1.replace("020100", "020101")],
    ["version 1 with a public key", version2.replace("020101", "020100")],
    ["version 3", version2.replace("020101", "020102")],
    ["a public key of a bit less", version2.replace("812100", "812101")],
    ["an explicitly tagged public key", version2.replace("3051", "3053").replace("812100", "a123032100")],
    [
      "algorithm parameters",
      version1.replace("302e", "3030").replace("300506032b6570", "300706032b65700500"),
    ],
    ["a long-form length for a short content", version1.replace("302e", "30812e")],
    ["an indefinite length", version1.replace("302e", "3080")],
    ["a length past the end", version1.replace("302e", "307f")],
    ["a sequence that is a set", version1.replace("302e", "312e")],
  ])("refuses DER with %s", (_name, hex) => {
    const text = Buffer.from(hex, "hex").toString("base64");
    expect(thrownBy(() => AgentKey.fromPkcs8Base64(text)).message).toBe(
      "stored agent identity private key is not valid PKCS#8",
    );
  });
});

describe("AgentKey", () => {
  const key = AgentKey.fromPkcs8Base64(keyVector.pkcs8_version_1);

  test("signs what its public key verifies, text as UTF-8", () => {
    const publicKey = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(key.publicKey).toString("base64url") },
      format: "jwk",
    });
    expect(verify(null, Buffer.from("grün"), publicKey, key.sign("grün"))).toBe(true);
    expect(key.sign("grün")).toEqual(key.sign(Buffer.from("grün")));
  });

  test("derives the X25519 secret", () => {
    expect(Buffer.from(key.curve25519Secret()).toString("hex")).toBe(keyVector.curve25519_secret_hex);
  });

  test("gives out copies of its public key", () => {
    key.publicKey.fill(0);
    expect(Buffer.from(key.publicKey).toString("hex")).toBe(keyVector.public_key_hex);
  });

  test("prints as [redacted] in every way", () => {
    expect(`${key}`).toBe("[redacted]");
    expect(JSON.stringify({ key })).toBe('{"key":"[redacted]"}');
    expect(inspect({ key })).toBe("{ key: [redacted] }");
    expect(Object.values({ ...key })).toEqual([keyVector.ssh_public_key]);
  });
});

describe("generateAgentKey", () => {
  const { random_hex: randomHex, ...generated } = vectors.key_generation;

  test("hashes the random bytes into the seed", () => {
    const key = generateAgentKey((size) => bytes(randomHex).subarray(0, size));
    expect(key.toPkcs8Base64()).toBe(generated.pkcs8_version_2);
    expect(key.sshPublicKey).toBe(generated.ssh_public_key);
  });

  test("makes another key each time, which can be stored and read", () => {
    const key = generateAgentKey();
    expect(AgentKey.fromPkcs8Base64(key.toPkcs8Base64()).sshPublicKey).toBe(key.sshPublicKey);
    expect(generateAgentKey().sshPublicKey).not.toBe(key.sshPublicKey);
  });

  test("reports a random source that fails", () => {
    const cause = new Error("no entropy");
    const failing = thrownBy(() =>
      generateAgentKey(() => {
        throw cause;
      }),
    );
    expect(failing).toMatchObject({
      message: "failed to generate agent identity private key seed material",
      kind: "key_generation",
      cause,
    });
    expect(thrownBy(() => generateAgentKey(() => new Uint8Array(63))).kind).toBe("key_generation");
  });
});
