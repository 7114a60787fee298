import { expect, test } from "vitest";
import * as modelClient from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(modelClient).sort()).toEqual(["ModelClient", "Turn", "TurnStream", "createCodex"]);
});
