import { expect, test } from "vitest";
import { parseOptions } from "../src/options.ts";

test("without arguments all benches run in full", () => {
  expect(parseOptions([])).toEqual({ names: [], json: undefined, quick: false });
});

test("names, the file and the quick mode are read in any order", () => {
  expect(parseOptions(["sse", "--json", "out.json", "import", "--quick"])).toEqual({
    names: ["sse", "import"],
    json: "out.json",
    quick: true,
  });
});

test("an unknown option is refused", () => {
  expect(() => parseOptions(["--quickly"])).toThrow(TypeError);
});
