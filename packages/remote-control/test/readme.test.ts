import { readFileSync } from "node:fs";
import { createTransport } from "@codex-ts/client";
import { startBackend } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import { EnrollmentFiles, type RemoteClient, startRemoteControl } from "../src/index.js";
import { bearerTokens, TestLogin } from "./support/login.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { initialize } from "./support/world.js";

test("README example, as it is written", async () => {
  const backend = await startBackend({ bearerTokens });
  onTestFinished(() => backend.close());
  await using transport = createTransport();
  const auth = new TestLogin();
  const baseUrl = backend.urls.chatgpt;
  const installationId = "installation-1";
  const folder = await temporaryFolder();
  const written: unknown[] = [];
  const write = (text: unknown): number => written.push(text);
  const phoning = (async () => {
    const server = await backend.remoteControl.waitForServer();
    const peer = server.openClient();
    await peer.send(initialize);
    const received = await peer.waitFor(1);
    await backend.close();
    return received;
  })();

  async function example(): Promise<void> {
    await using control = await startRemoteControl({
      transport, // createTransport() of @codex-ts/client
      auth, // an AuthManager of @codex-ts/login, or any AuthSource
      baseUrl,
      installationId,
      appServerVersion: "1.2.3",
      store: new EnrollmentFiles(folder),
    });
    onPhoned = () => void control.close();
    await control.enable();
    const { pairingCode } = await control.startPairing();
    write(pairingCode);
    for await (const client of control.clients()) {
      serve(client).catch(write);
    }

    async function serve(client: RemoteClient): Promise<void> {
      for await (const message of client) {
        if ("id" in message) await client.send({ id: message.id, result: {} });
      }
    }
  }
  let onPhoned = (): void => {};
  const running = example();
  expect(await phoning).toEqual([{ id: 0, result: {} }]);
  onPhoned();
  await running;
  expect(written).toEqual([expect.stringMatching(/^pair_/)]);
});

test("the example of the README is the one that is run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8").replace(/^ *onPhoned = .*$/m, ""));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  expect(examples).toHaveLength(1);
  for (const code of examples) expect(self).toContain(compressed(code.replaceAll(/^import .*$/gm, "")));
});

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
