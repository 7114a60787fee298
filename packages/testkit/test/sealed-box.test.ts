import { expect, test } from "vitest";
import { parsePrivateKey } from "../src/ed25519.js";
import { sealFor } from "../src/sealed-box.js";

const { publicKey } = parsePrivateKey("MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH");
const ephemeralSecret = Buffer.alloc(32, 0x42);

test.each([
  [
    "task-encrypted-123",
    "EyxEK+AQ+9V+cmAzKKp25x/MwVA6riGTJ9FNnJmT9HLD/lXb8MXDj15/dOKAcw6YDPN9msTiJM7RFWdgAG2yC/4d",
  ],
  ["", "EyxEK+AQ+9V+cmAzKKp25x/MwVA6riGTJ9FNnJmT9HI6aN3D9yUSYcvzqlJ1grjW"],
])("seals %j as libsodium does", (plaintext, box) => {
  expect(sealFor(publicKey, plaintext, ephemeralSecret)).toBe(box);
});

test("seals the same text differently each time", () => {
  expect(sealFor(publicKey, "task")).not.toBe(sealFor(publicKey, "task"));
});
