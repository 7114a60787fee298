import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports these names and no others", () => {
  expect(Object.keys(api).sort()).toEqual(["modelInfo", "startBackend", "startOAuthIssuer"]);
});
