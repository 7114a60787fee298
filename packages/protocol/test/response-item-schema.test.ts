import { expect, test } from "vitest";
import { z } from "zod";
import { toWireItem } from "../src/index.js";
import { responseItemSchema } from "../src/schemas/index.js";

test("reads items like the parser, the original of an unknown one included", () => {
  const unknown = { type: "new_call", a: 1 };
  const [message, other] = z
    .array(responseItemSchema)
    .parse([{ type: "message", role: "user", content: [], x: 1 }, unknown]);
  expect(message).toStrictEqual({ type: "message", role: "user", content: [] });
  expect(other && toWireItem(other)).toBe(unknown);
});

test("turns the error of the parser into an issue", () => {
  const read = responseItemSchema.safeParse({ type: "message", content: [] });
  expect(read.error?.issues).toMatchObject([{ message: '"role" must be a string, got nothing' }]);
});
