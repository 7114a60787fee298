import { expect, test } from "vitest";
import { bodyPreview, scrubSecrets } from "../src/body-preview.js";
import { readVectors } from "./support/read-vectors.js";

interface PreviewCase {
  readonly input: {
    readonly text?: string;
    readonly bytes?: readonly number[];
    readonly unit?: string;
    readonly repeat?: number;
  };
  readonly expected: string | { readonly length_bytes: number; readonly ends_with: string };
}

const { body_preview } = readVectors<{ readonly body_preview: readonly PreviewCase[] }>("remote-control");

test.each(body_preview)("vector: $input", ({ input, expected }) => {
  const { text, bytes, unit = "", repeat = 0 } = input;
  const preview = bodyPreview(bytes === undefined ? (text ?? unit.repeat(repeat)) : Uint8Array.from(bytes));
  if (typeof expected === "string") {
    expect(preview).toBe(expected);
    return;
  }
  expect(Buffer.byteLength(preview)).toBe(expected.length_bytes);
  expect(preview.endsWith(expected.ends_with)).toBe(true);
});

test.each([
  ['{"nested":{"remote_control_token":"secret"}}', '{"nested":{"remote_control_token":"<redacted>"}}'],
  ['{"remote_control_token":"sec', '{"remote_control_token":"<redacted>"'],
  ['[{"pairing_code" : "sec\\"ret"}]', '[{"pairing_code" : "<redacted>"}]'],
  [
    '"{\\"manual_pairing_code\\":\\"secret\\",\\"a\\":1}"',
    '"{\\"manual_pairing_code\\":\\"<redacted>\\",\\"a\\":1}"',
  ],
  ['{"remote_control_token":"<redacted>"}', '{"remote_control_token":"<redacted>"}'],
  ['{"note":"no remote_control_token here"}', '{"note":"no remote_control_token here"}'],
])("also finds the secrets of %s", (text, expected) => {
  expect(scrubSecrets(text)).toBe(expected);
});
