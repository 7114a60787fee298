import { createParser } from "eventsource-parser";
import { expect, test } from "vitest";
import { isWorkloadName, recipes, type WorkloadName, workload } from "../src/sse/workloads.ts";

const mebibyte = 1024 * 1024;
const names = Object.keys(recipes).filter(isWorkloadName);

interface WireEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly delta?: string;
  readonly item?: { readonly type: string; readonly result?: string };
}

function eventsOf(name: WorkloadName): WireEvent[] {
  const events: WireEvent[] = [];
  const parser = createParser({
    onEvent({ event, data }) {
      const payload = JSON.parse(data) as WireEvent;
      if (payload.type !== event) throw new Error(`${event} carries ${payload.type}`);
      events.push(payload);
    },
  });
  parser.feed(Buffer.concat(workload(name).chunks).toString());
  return events;
}

test.each(names)("%s holds as many events, deltas and characters as it says", (name) => {
  const { events, deltas, characters } = workload(name);
  const found = eventsOf(name);
  const texts = found.flatMap(({ delta }) => delta ?? []);
  const images = found.flatMap(({ item }) => item?.result ?? []);
  expect({
    events: found.length,
    deltas: texts.length,
    characters: [...texts, ...images].reduce((sum, text) => sum + text.length, 0),
  }).toEqual({ events, deltas, characters });
});

test.each(names)("%s starts, ends and counts like a turn", (name) => {
  const found = eventsOf(name);
  expect(found[0]?.type).toBe("response.created");
  expect(found.at(-1)?.type).toBe("response.completed");
  expect(found.findIndex((event, index) => event.sequence_number !== index)).toBe(-1);
});

test.each(names.filter((name) => name.startsWith("deltas")))("%s has 20,000 deltas", (name) => {
  expect(workload(name).deltas).toBe(20_000);
});

test.each([
  ["deltas", 16 * 1024],
  ["deltas-segments", 1460],
  ["deltas-wide", 16 * 1024],
  ["image-8", 16 * 1024],
  ["image-8-segments", 1460],
] as const)("%s is cut into chunks of %i bytes", (name, size) => {
  const { chunks, bytes } = workload(name);
  expect(new Set(chunks.slice(0, -1).map((chunk) => chunk.length))).toEqual(new Set([size]));
  expect(chunks.at(-1)?.length).toBe(bytes % size || size);
});

test("deltas-each has one event in each chunk", () => {
  const { chunks, events } = workload("deltas-each");
  expect(chunks.length).toBe(events);
  expect(chunks.every((chunk) => Buffer.from(chunk).indexOf("\n\n") === chunk.length - 2)).toBe(true);
});

test.each([1, 2, 4, 8])("the event of image-%i has that many MiB to the byte", (size) => {
  const text = Buffer.concat(workload(`image-${size}` as WorkloadName).chunks).toString("latin1");
  const lengths = text.split("\n\n").map((frame) => frame.length + 2);
  expect(lengths).toContain(size * mebibyte);
});

test("only deltas-wide needs more than a byte for a character", () => {
  const isWide = (name: WorkloadName): boolean =>
    /[^\0-\xff]/.test(Buffer.concat(workload(name).chunks).toString());
  expect(names.filter(isWide)).toEqual(["deltas-wide"]);
});

test("a workload is the same for the server and for every side", () => {
  expect(workload("deltas")).toBe(workload("deltas"));
});
