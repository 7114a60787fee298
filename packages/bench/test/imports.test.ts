import { expect, test } from "vitest";
import { tarballsOf, type WorkspacePackage } from "../src/imports/workspace-packages.ts";

function entry(name: string, ...siblings: string[]): [string, WorkspacePackage] {
  return [name, { name, entries: [name], tarball: `${name}.tgz`, siblings }];
}

test("a package is installed together with every sibling that it needs, each once", () => {
  const packages = new Map([
    entry("api", "client", "auth"),
    entry("client", "auth"),
    entry("auth"),
    entry("demo", "api"),
  ]);
  expect(tarballsOf("api", packages)).toEqual(["api.tgz", "client.tgz", "auth.tgz"]);
});

test("a dependency that is not published cannot be installed", () => {
  expect(() => tarballsOf("api", new Map([entry("api", "bench")]))).toThrow("bench");
});
