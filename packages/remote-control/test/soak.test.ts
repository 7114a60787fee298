import { expect, test } from "vitest";
import { seededRandom } from "./support/random.js";
import { openSession, openWorld, type Session } from "./support/world.js";

const messagesEachWay = 10_000;
const disconnects = 50;
const sessionCount = 3;
const seed = Number(process.env["REMOTE_CONTROL_SEED"] ?? Date.now() % 1_000_000);

test(`${messagesEachWay} messages each way through ${disconnects} disconnects arrive once and in order (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const world = await openWorld();
  const control = await world.start();
  const sessions: Session[] = [];
  for (let count = 0; count < sessionCount; count += 1) sessions.push(await openSession(world, control));
  const { server } = sessions[0] as Session;
  for (let count = 0; count < disconnects; count += 1) {
    const isInsideMessage = count % 4 === 0;
    server.disconnectAfter({
      afterEnvelopes: 1 + Math.floor(random() * (isInsideMessage ? 10 : 300)),
      direction: pick(random, ["from_server", "to_server", "either"]),
      how: pick(random, ["cut", "cut", 1000, 1011]),
      losesAcks: pick(random, [0, 1, 5, 40]),
      isInsideMessage,
    });
  }
  const areAllDropped = (): boolean => server.connections.length > disconnects;
  const out = planSizes(random);
  const back = planSizes(random);
  await Promise.all(
    sessions.flatMap((session, index) => [
      sendAll(out, index, areAllDropped, (message) => session.client.send(message)),
      sendAll(back, index, areAllDropped, (message) => session.peer.send(message)),
      receiveAtPeer(session, out, index),
      receiveHere(session, back, index),
    ]),
  );

  expect(server.violations).toEqual([]);
  expect(server.connections).toHaveLength(disconnects + 1);
  expect([...out, ...back].filter((size) => size >= 100_000).length).toBeGreaterThan(300);
}, 120_000);

/** Most messages are small, and some hundred are of 100 KB to 1 MB. */
function planSizes(random: () => number): readonly number[] {
  return Array.from({ length: messagesEachWay }, (_, index) => {
    if (index % 2000 === 1) return 1_000_000;
    const kind = random();
    if (kind < 0.02) return between(random, 100_000, 1_000_000);
    return kind < 0.06 ? between(random, 2000, 100_000) : between(random, 1, 2000);
  });
}

/** Evenly by order of magnitude. */
function between(random: () => number, least: number, most: number): number {
  return Math.floor(least * (most / least) ** random());
}

function pick<Value>(random: () => number, values: readonly Value[]): Value {
  return values[Math.floor(random() * values.length)] as Value;
}

interface NumberedMessage {
  readonly method: string;
  readonly params: { readonly number: number; readonly text: string };
}

function messageOf(sizes: readonly number[], number: number): NumberedMessage {
  const size = sizes[number] ?? 0;
  const text = `${number.toString(36)}·`.repeat(Math.ceil(size / 3)).slice(0, size);
  return { method: "item", params: { number, text } };
}

/** The numbers of the messages of one of the sessions. */
function numbersOf(sizes: readonly number[], session: number): number[] {
  return [...sizes.keys()].filter((number) => number % sessionCount === session);
}

async function sendAll(
  sizes: readonly number[],
  session: number,
  areAllDropped: () => boolean,
  send: (message: NumberedMessage) => Promise<void>,
): Promise<void> {
  for (const number of numbersOf(sizes, session)) await send(messageOf(sizes, number));
  // Until all disconnects have come, whichever way they count.
  while (!areAllDropped()) await send(fillMessage);
  // Behind it, no message can come a second time.
  await send(lastMessage);
}

async function receiveHere({ client }: Session, sizes: readonly number[], session: number): Promise<void> {
  const expected = numbersOf(sizes, session);
  for await (const message of client) {
    if (isFill(message)) continue;
    if (isLast(message, expected)) return;
    check(message, sizes, expected.shift());
  }
  throw new Error(`the session ended with ${expected.length} messages to come`);
}

function receiveAtPeer({ peer }: Session, sizes: readonly number[], session: number): Promise<void> {
  const expected = numbersOf(sizes, session);
  return new Promise((resolve, reject) => {
    peer.onMessage = (message) => {
      if (isFill(message)) return;
      try {
        if (isLast(message, expected)) resolve();
        else check(message, sizes, expected.shift());
      } catch (error) {
        reject(error as Error);
      }
    };
  });
}

const lastMessage: NumberedMessage = { method: "last", params: { number: -1, text: "" } };

/** Is sent in two parts. */
const fillMessage: NumberedMessage = { method: "fill", params: { number: -1, text: "x".repeat(160_000) } };

function isFill(message: unknown): boolean {
  return (message as NumberedMessage).method === fillMessage.method;
}

function isLast(message: unknown, expected: readonly number[]): boolean {
  if ((message as NumberedMessage).method !== lastMessage.method) return false;
  if (expected.length === 0) return true;
  throw new Error(`the end came with ${expected.length} messages to come`);
}

function check(message: unknown, sizes: readonly number[], number: number | undefined): void {
  if (number === undefined) throw new Error("a message came that was not to come any more");
  const expected = messageOf(sizes, number);
  const { params } = message as NumberedMessage;
  if (params.number === number && params.text === expected.params.text) return;
  throw new Error(`expected message ${number}, got ${params.number} of ${params.text.length}`);
}
