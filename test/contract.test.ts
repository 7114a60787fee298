import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../scripts/workspace.js";

const contract = join(root, "packages/auth-provider");

test("the contract package depends on nothing", () => {
  const manifest = JSON.parse(readFileSync(join(contract, "package.json"), "utf8"));
  const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
  expect(kinds.filter((kind) => kind in manifest)).toEqual([]);
});

test("the contract package stays under 200 lines", () => {
  const lines = readdirSync(join(contract, "src")).flatMap((file) =>
    readFileSync(join(contract, "src", file), "utf8")
      .split("\n")
      .slice(0, -1),
  );
  expect(lines.length).toBeLessThan(200);
});
