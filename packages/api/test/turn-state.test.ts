import { expect, test } from "vitest";
import { TurnState } from "../src/index.js";

test("the first value of a turn stays, also an empty one", () => {
  const fresh = new TurnState();
  expect(fresh.value).toBeUndefined();
  fresh.set("");
  fresh.set("later");
  expect(fresh.value).toBe("");
  expect(new TurnState("carried on").value).toBe("carried on");
});
