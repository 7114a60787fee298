import { readFileSync } from "node:fs";
import { createTransport } from "@codex-ts/client";
import { expect, onTestFinished, test } from "vitest";
import { type CloudPolicies, CloudRequirements } from "../src/index.js";
import { startWorkspace } from "./support/start-workspace.js";

test("README example: policies are loaded, and followed until somebody closes", async () => {
  const { backend, login: auth, home } = await startWorkspace();
  backend.managedConfig.setFragments({ requirements: ['allowed_sandbox_modes = ["read-only"]'] });
  const baseUrl = backend.urls.chatgpt;
  const forbidden: string[] = [];
  const forbid = (mode: string): number => forbidden.push(mode);
  const applied: CloudPolicies[] = [];
  const apply = (policies: CloudPolicies): void => {
    applied.push(policies);
    void cloud.close();
  };

  const transport = createTransport();
  const cloud = CloudRequirements.start({ transport, baseUrl, auth, home });
  const { requirements } = await cloud.load(); // rejects, rather than to let anybody go on without policies
  const modes = requirements?.values.allowed_sandbox_modes; // undefined: not restricted
  if (modes?.includes("danger-full-access") === false) forbid("danger-full-access");

  onTestFinished(() => transport.close());
  backend.managedConfig.setFragments({});
  setTimeout(() => void cloud.refresh());

  for await (const policies of cloud.changes()) apply(policies); // until cloud.close()

  expect(forbidden).toEqual(["danger-full-access"]);
  expect(applied).toMatchObject([{ requirements: undefined }]);
});

test("the example above is the one in the README", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = readFileSync(new URL(import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? expect.unreachable();
  const statements = example.split("\n").filter((line) => line !== "" && !line.startsWith("import "));
  for (const statement of statements) expect(self).toContain(`  ${statement}\n`);
});
