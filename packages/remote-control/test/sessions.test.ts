import { expect, test } from "vitest";
import { openSession, openWorld, readMessages } from "./support/world.js";

test("enrols, connects, and lets a client talk to the host", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { peer, client, server } = await openSession(world, control);
  expect(control.status).toMatchObject({ status: "connected", environmentId: server.environmentId });

  await client.send({ id: 0, result: { userAgent: "host" } });
  expect(await peer.waitFor(1)).toEqual([{ id: 0, result: { userAgent: "host" } }]);
  await peer.send({ method: "initialized" });
  await peer.send({ id: "x", method: "thread/start", params: { text: "dréi" } });
  expect(await readMessages(client, 2)).toEqual([
    { method: "initialized" },
    { id: "x", method: "thread/start", params: { text: "dréi" } },
  ]);
  expect(server.violations).toEqual([]);
});
