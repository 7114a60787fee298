import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { awsSigV4Auth } from "../src/index.js";
import { serverOfTest, transportOfTest } from "./support/server.js";
import { findSignatureFault } from "./support/signature-check.js";

test("README example: a signed request, as it is written", async () => {
  const server = await serverOfTest();
  const transport = transportOfTest();
  const url = `${server.url}/openai/v1/responses`;
  const request = { model: "openai.gpt-5.5" };
  const fromNodeProviderChain = () => async () => ({
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "example",
  });

  const auth = awsSigV4Auth({
    region: "us-east-1",
    service: "bedrock-mantle",
    credentials: fromNodeProviderChain(),
  });
  const answer = await transport.execute({ method: "POST", url, body: { json: request } }, { auth });

  expect(answer.status).toBe(200);
  expect(server.requests.map((seen) => findSignatureFault(seen, "example"))).toEqual([undefined]);
});

test("the examples of the README are those that are run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8"));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const statements = examples.map((code) =>
    code.replaceAll(/^import .*$/gm, "").replaceAll(/ *\/\/ .*$/gm, ""),
  );
  expect(statements).toHaveLength(1);
  for (const code of statements) expect(self).toContain(compressed(code));
});

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
