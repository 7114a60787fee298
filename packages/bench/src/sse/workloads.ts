import { deltaStream, imageStream, type StreamContent, wideWords } from "./frames.ts";

/** One body of server-sent events, cut into the chunks that a reader gets. */
export interface Workload {
  /** Events on the wire; sides differ in how many of them they hand on. */
  readonly events: number;
  readonly deltas: number;
  readonly characters: number;
  readonly bytes: number;
  readonly chunks: readonly Uint8Array[];
}

/** How a workload is made. */
interface Recipe {
  /** What a table calls it. */
  readonly title: string;
  readonly content: () => StreamContent;
  /** Bytes in each chunk but the last, or one chunk for each event. */
  readonly cut: number | "each event";
}

const mebibyte = 1024 * 1024;
/** What a TCP segment carries over Ethernet. */
const segment = 1460;
/** What a TLS record carries at most. */
const record = 16 * 1024;

/** All workloads by name. */
export const recipes = {
  deltas: { title: "20,000 deltas", content: () => deltaStream(20_000), cut: record },
  "deltas-segments": {
    title: "20,000 deltas, 1,460 B chunks",
    content: () => deltaStream(20_000),
    cut: segment,
  },
  "deltas-wide": {
    title: "20,000 deltas beyond Latin-1",
    content: () => deltaStream(20_000, wideWords),
    cut: record,
  },
  "deltas-each": {
    title: "20,000 deltas, a chunk each",
    content: () => deltaStream(20_000),
    cut: "each event",
  },
  "image-1": { title: "one 1 MiB event", content: () => imageStream(mebibyte), cut: record },
  "image-2": { title: "one 2 MiB event", content: () => imageStream(2 * mebibyte), cut: record },
  "image-4": { title: "one 4 MiB event", content: () => imageStream(4 * mebibyte), cut: record },
  "image-8": { title: "one 8 MiB event", content: () => imageStream(8 * mebibyte), cut: record },
  "image-1-segments": {
    title: "one 1 MiB event, 1,460 B chunks",
    content: () => imageStream(mebibyte),
    cut: segment,
  },
  "image-2-segments": {
    title: "one 2 MiB event, 1,460 B chunks",
    content: () => imageStream(2 * mebibyte),
    cut: segment,
  },
  "image-4-segments": {
    title: "one 4 MiB event, 1,460 B chunks",
    content: () => imageStream(4 * mebibyte),
    cut: segment,
  },
  "image-8-segments": {
    title: "one 8 MiB event, 1,460 B chunks",
    content: () => imageStream(8 * mebibyte),
    cut: segment,
  },
} as const satisfies Readonly<Record<string, Recipe>>;

/** Names one workload. */
export type WorkloadName = keyof typeof recipes;

/** Tells whether there is such a workload. */
export function isWorkloadName(name: string): name is WorkloadName {
  return Object.hasOwn(recipes, name);
}

const built = new Map<WorkloadName, Workload>();

/** Makes a workload, once in each process. */
export function workload(name: WorkloadName): Workload {
  const known = built.get(name);
  if (known !== undefined) return known;
  const { content, cut } = recipes[name];
  const { frames, deltas, characters } = content();
  const bytes = Buffer.from(frames.join(""));
  const chunks = cut === "each event" ? frames.map((frame) => Buffer.from(frame)) : chunksOf(bytes, cut);
  const made: Workload = { events: frames.length, deltas, characters, bytes: bytes.length, chunks };
  built.set(name, made);
  return made;
}

function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.subarray(start, start + size));
  return chunks;
}
