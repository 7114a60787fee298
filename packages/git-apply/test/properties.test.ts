import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPatch, preflightPatch } from "../src/index.js";
import { TestRepository } from "./support/test-repository.js";

const line = fc.constantFrom(
  "a",
  "b",
  "c",
  "--- a/x",
  "+++ b/x",
  "diff --git a/q b/q",
  "@@ -1 +1 @@",
  "",
  "\\",
  "\t",
  "é",
);
const text = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, newline, isEnded]) => lines.join(newline) + (isEnded ? newline : "x"));
const tree = fc
  .dictionary(fc.constantFrom("a", "b c", "d/e", "d/f", "g/h/i", "a/x"), text, { minKeys: 1 })
  // A file and a folder of one name do not go together, but the one can take the place of the other.
  .map(({ a, ...others }) => (a === undefined || "a/x" in others ? others : { ...others, a }))
  .filter((files) => Object.keys(files).length > 0);

function setTo(repository: TestRepository, files: Record<string, string>): void {
  repository.git("read-tree", "--empty");
  repository.git("clean", "-ffdxq");
  repository.write(files);
  repository.git("add", "--all");
}

test("whatever the trees, all of a diff is applied, or nothing", async () => {
  const repository = TestRepository.create({});
  await fc.assert(
    fc.asyncProperty(tree, tree, tree, async (from, to, here) => {
      setTo(repository, to);
      const toTree = repository.git("write-tree").trim();
      setTo(repository, from);
      const fromTree = repository.git("write-tree").trim();
      fc.pre(toTree !== fromTree);
      const diff = repository.git("diff-tree", "-p", "--full-index", "--find-renames", fromTree, toTree);

      expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
      expect(repository.git("write-tree").trim()).toBe(toTree);
      expect(repository.git("diff-files", "--name-only")).toBe("");

      setTo(repository, here);
      const before = repository.fingerprint();
      const preflight = await preflightPatch(diff, { cwd: repository.root });
      expect(repository.fingerprint()).toEqual(before);
      const result = await applyPatch(diff, { cwd: repository.root });
      if (preflight.status === "success") expect(result.status).toBe("success");
      if (result.status !== "success") expect(repository.fingerprint()).toEqual(before);
    }),
    { numRuns: 10 },
  );
});
