import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { type AccountUpdatedNotification, authModes, planTypes } from "../src/index.js";
import { accountUpdatedSchema } from "../src/schemas/index.js";
import { loadJson } from "./support/load-json.js";

const jsonSchema = loadJson<z.core.JSONSchema.JSONSchema>("schema/account-updated.json");
const published = z.fromJSONSchema(jsonSchema, { defaultTarget: "draft-7" });

const notification: fc.Arbitrary<AccountUpdatedNotification> = fc.record(
  {
    authMode: fc.option(fc.constantFrom(...authModes)),
    planType: fc.option(fc.constantFrom(...planTypes)),
  },
  { noNullPrototype: true },
);

test("publishes a schema of draft 7 in which nothing is required and nothing forbidden", () => {
  expect(jsonSchema.$schema).toBe("http://json-schema.org/draft-07/schema#");
  expect(jsonSchema.type).toBe("object");
  expect(jsonSchema.required).toBeUndefined();
  expect(jsonSchema.additionalProperties).toBeUndefined();
});

test("publishes the values of the types, and null", () => {
  expect(jsonSchema.properties).toMatchObject({
    authMode: { anyOf: [{ type: "string", enum: [...authModes] }, { type: "null" }] },
    planType: { anyOf: [{ type: "string", enum: [...planTypes] }, { type: "null" }] },
  });
});

test("whatever the type allows passes both schemas unchanged", () => {
  fc.assert(
    fc.property(notification, (value) => {
      expect(published.safeParse(value).success).toBe(true);
      expect(accountUpdatedSchema.parse(value)).toStrictEqual(value);
    }),
  );
});

test("whatever the zod schema gives passes the published one", () => {
  const member = fc.oneof(
    fc.constantFrom(...authModes, ...planTypes, null, undefined, "hc"),
    fc.string(),
    fc.jsonValue(),
  );
  const anything = fc.oneof(
    fc.record({ authMode: member, planType: member }, { requiredKeys: [] }),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(anything, (value) => {
      const read = accountUpdatedSchema.safeParse(value);
      if (read.success) expect(published.safeParse(read.data).success).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test.each([
  [{}, { authMode: null, planType: null }],
  [{ authMode: "apikey" }, { authMode: "apikey", planType: null }],
  [
    { authMode: "chatgpt", planType: "ent26", extra: 1 },
    { authMode: "chatgpt", planType: "unknown" },
  ],
])("reads %j", (value, expected) => {
  expect(accountUpdatedSchema.parse(value)).toStrictEqual(expected);
});

test.each([null, [], "x", { authMode: "apiKey" }, { authMode: 1 }, { planType: 1 }])(
  "refuses %j",
  (value) => {
    expect(accountUpdatedSchema.safeParse(value).success).toBe(false);
  },
);
