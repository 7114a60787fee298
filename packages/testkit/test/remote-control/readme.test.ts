import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { connected, enroll, openBackend } from "./support.js";

test("README example of remote control", async () => {
  const backend = await openBackend();
  const playing = playServer();
  const server = await backend.remoteControl.waitForServer();
  const peer = server.openClient(); // a phone
  await peer.send({ id: 1, method: "initialize" });
  server.disconnectAfter({ afterEnvelopes: 5, isInsideMessage: true });
  await peer.waitFor(1); // what the server has answered
  server.violations; // what it should not have sent: []
  expect([peer.received, server.violations]).toEqual([[{ id: 1, result: {} }], []]);
  await playing;

  async function playServer(): Promise<void> {
    const socket = await connected(backend, await enroll(backend));
    const { client_id, stream_id } = await socket.next();
    socket.send({ type: "server_message", message: { id: 1, result: {} }, client_id, stream_id, seq_id: 1 });
  }
});

test("it is the one that is run here", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const self = readFileSync(new URL(import.meta.url), "utf8").replaceAll(/^ +/gm, "");
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const example = examples.find((code) => code.includes("backend.remoteControl"));
  expect(self).toContain(example ?? "no example");
});
