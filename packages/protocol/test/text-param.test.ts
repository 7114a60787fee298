import { expect, test } from "vitest";
import { createTextParam } from "../src/index.js";

const outputSchema = { type: "object" };
const format = { type: "json_schema", schema: outputSchema, name: "codex_output_schema" };

test("is nothing without verbosity and schema", () => {
  expect(createTextParam()).toBeUndefined();
  expect(createTextParam({ strict: true })).toBeUndefined();
});

test("holds what is given and nothing else", () => {
  expect(createTextParam({ verbosity: "low" })).toStrictEqual({ verbosity: "low" });
  expect(createTextParam({ outputSchema })).toStrictEqual({ format: { ...format, strict: true } });
  expect(createTextParam({ verbosity: "high", outputSchema, strict: false })).toStrictEqual({
    verbosity: "high",
    format: { ...format, strict: false },
  });
});

test("sends the schema as given", () => {
  expect(createTextParam({ outputSchema })?.format?.schema).toBe(outputSchema);
});
