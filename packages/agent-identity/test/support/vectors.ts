// biome-ignore lint/correctness/useImportExtensions: it would make this a script.
import vectors from "../vectors/agent-identity.json" with { type: "json" };
// biome-ignore lint/correctness/useImportExtensions: it would make this a script.
import oversizedRsaKey from "../vectors/oversized-rsa-key.json" with { type: "json" };

export { oversizedRsaKey, vectors };

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}
