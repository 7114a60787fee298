import { expect, test } from "vitest";
import { applyPatch } from "../src/index.js";
import { TestRepository } from "./support/test-repository.js";

test.each([
  ["one\ntwo\n", "applied to a.txt"],
  ["one\nmine\n", "nothing changed; conflicts: a.txt; does not fit: "],
])("README example, as it is written, on %j", async (text, said) => {
  const repository = TestRepository.create({ "a.txt": "one\ntwo\n" });
  const diff = repository.diffTo({ "a.txt": "one\n2\n" });
  repository.commit({ "a.txt": text });
  const cwd = repository.root;
  const written: string[] = [];
  const write = (line: string): number => written.push(line);

  const result = await applyPatch(diff, { cwd });
  switch (result.status) {
    case "success":
      write(`applied to ${result.appliedPaths.join(", ")}`);
      break;
    case "partial":
    case "error":
      write(
        `nothing changed; conflicts: ${result.conflictPaths.join(", ")}; does not fit: ${result.skippedPaths.join(", ")}`,
      );
  }

  expect(written).toEqual([said]);
});
