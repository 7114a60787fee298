import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { isUserError } from "@codex-ts/api";
import { builtInProviders } from "@codex-ts/model-provider";
import type { ModelInfo, ResponseItem } from "@codex-ts/protocol";
import { type Fault, modelInfo } from "@codex-ts/testkit";
import { createCodex, type ModelClient, type TurnEvent, type TurnTransport } from "../../src/index.js";
import { SeededRandom } from "./random.js";
import { shownText } from "./shown-text.js";
import { expectedIds, expectedText, type SoakTurn, turnText } from "./soak-answer.js";
import { type PlannedFault, planFault } from "./soak-faults.js";

// Takes turns against a backend in which things go wrong, and checks what becomes of each. Runs in a process of its own,
// so that the heap is that of the client alone.
const [baseUrl = "", way, seedText, turnsText] = process.argv.slice(2);
const isWebSocket = way === "websocket";
const random = new SeededRandom(Number(seedText));
const turnCount = Number(turnsText);
const turnsPerClient = 25;
const warmUp = Math.floor(turnCount / 4);

const provider = builtInProviders({ clientVersion: "1.2.3", environment: {} }).get("openai");
if (provider === undefined) throw new Error("no provider");

function createClient(): ModelClient {
  return createCodex({
    auth: "sk-test",
    model: modelInfo("gpt-test") as ModelInfo,
    environment: {},
    webSocket: isWebSocket,
    retryBaseDelayMs: 1,
    network: { env: {}, headersTimeoutMs: 300 },
    provider: {
      ...provider,
      baseUrl,
      streamIdleTimeoutMs: 300,
      websocketConnectTimeoutMs: 300,
    } as NonNullable<typeof provider>,
  });
}

async function tellBackend(fault: Fault | undefined): Promise<void> {
  const done = once(process, "message");
  process.send?.({ fault: fault === undefined ? null : encode(fault) });
  await done;
}

/** JSON knows no Infinity. */
function encode(fault: Fault): object {
  return Object.fromEntries(
    Object.entries(fault).map(([name, value]) => [
      name,
      value === Number.POSITIVE_INFINITY ? "Infinity" : value,
    ]),
  );
}

interface Outcome {
  readonly events: TurnEvent[];
  readonly items: ResponseItem[];
  readonly error: unknown;
  /** Over what the last answer came. */
  readonly transport: TurnTransport | undefined;
}

/** Does what an agent does: answers calls and asks again, until nothing is left to answer. */
async function takeTurn(client: ModelClient, input: ResponseItem[], signal: AbortSignal): Promise<Outcome> {
  const events: TurnEvent[] = [];
  const items: ResponseItem[] = [];
  const turn = client.turn({ signal });
  for (;;) {
    const calls: string[] = [];
    const stream = turn.stream({ input });
    try {
      for await (const event of stream) {
        events.push(event);
        if (event.type !== "output_item_done") continue;
        items.push(event.item);
        if (event.item.type === "function_call") calls.push(event.item.call_id);
        if (random.next() < 0.1) await setImmediate();
      }
    } catch (error) {
      return { events, items, error, transport: stream.transport };
    }
    input.push(...items.filter((item) => !input.includes(item)));
    if (calls.length === 0) return { events, items, error: undefined, transport: stream.transport };
    for (const call_id of calls) input.push({ type: "function_call_output", call_id, output: "ok" });
  }
}

/** @returns What is wrong; nothing if all is as it has to be. */
function findFault(
  turn: SoakTurn,
  plan: PlannedFault | undefined,
  isAborted: boolean,
  outcome: Outcome,
): string | undefined {
  const { error, items, events, transport } = outcome;
  const ids = items
    .map((item) => ("id" in item ? String(item.id) : ""))
    .filter((id) => /^(?:msg|fc)_\d/.test(id));
  const wanted = expectedIds(turn);
  const given = JSON.stringify(ids);
  if (error !== undefined) {
    if (!isUserError(error)) return `no typed error: ${String(error)}`;
    if (given !== JSON.stringify(wanted.slice(0, ids.length))) return `items ${given} before the error`;
    if (error.kind === plan?.error || (isAborted && error.kind === "turn_aborted")) return undefined;
    return `error ${error.kind}: ${error.message}`;
  }
  // What goes wrong with WebSockets alone does not happen to a session that has left them.
  const isDue = !isWebSocket || transport === "websocket";
  if (plan?.error !== undefined && !isAborted && isDue) return `no error, but ${plan.error} was due`;
  if (given !== JSON.stringify(wanted)) return `items ${given}`;
  const text = shownText(events);
  return text === expectedText(turn) ? undefined : `text ${JSON.stringify(text)}`;
}

async function heapBytes(): Promise<number> {
  for (let round = 0; round < 6; round += 1) {
    await setImmediate();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

async function soak(): Promise<object> {
  let client = createClient();
  let history: ResponseItem[] = [];
  let before = 0;
  let isFallen = false;
  const counts: Record<string, number> = {};
  for (let number = 0; number < turnCount; number += 1) {
    const isFresh = number % turnsPerClient === 0 || isFallen;
    if (isFresh) {
      await client.close();
      client = createClient();
    }
    if (number === warmUp) before = await heapBytes();
    if (number % 7 === 0) history = [];
    const plan = isFresh || random.next() < 0.2 ? planFault(random, isWebSocket, isFresh) : undefined;
    const isAborted = random.next() < 0.05;
    await tellBackend(plan?.fault);
    const turn: SoakTurn = { number, messages: 1 + random.below(3), hasCall: random.next() < 0.25 };
    const input: ResponseItem[] = [
      ...history,
      { type: "message", role: "user", content: [{ type: "input_text", text: turnText(turn) }] },
    ];
    const giveUp = new AbortController();
    const timer = isAborted ? setTimeout(() => giveUp.abort(), random.below(12)) : undefined;
    const hang = setTimeout(() => fail(number, plan, "it hangs"), 20_000);
    const outcome = await takeTurn(client, input, giveUp.signal);
    clearTimeout(timer);
    clearTimeout(hang);
    const wrong = findFault(turn, plan, isAborted, outcome);
    if (wrong !== undefined) fail(number, plan, wrong);
    isFallen = isWebSocket && outcome.transport === "http";
    const over = outcome.transport ?? "none";
    counts[over] = (counts[over] ?? 0) + 1;
    if (outcome.error === undefined) history = input;
    const result = isUserError(outcome.error) ? outcome.error.kind : "complete";
    counts[result] = (counts[result] ?? 0) + 1;
    if (plan !== undefined) counts["faults"] = (counts["faults"] ?? 0) + 1;
  }
  await client.close();
  const after = await heapBytes();
  return { before, after, counts };
}

function fail(number: number, plan: PlannedFault | undefined, wrong: string): never {
  process.send?.({ failure: `turn ${number} with ${JSON.stringify(plan ?? null)}: ${wrong}` });
  process.exit(1);
}

const result = await soak();
process.send?.({ result });
// Nothing else may keep the process alive now.
process.disconnect();
