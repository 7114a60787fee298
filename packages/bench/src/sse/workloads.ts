import { deltaStream, imageStream, reasoningStream, type StreamContent, wideWords } from "./frames.ts";

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

const texts = (): StreamContent => deltaStream(20_000);
const wideTexts = (): StreamContent => deltaStream(20_000, wideWords);
const reasoning = (): StreamContent => reasoningStream(20_000);

/** All workloads by name. */
export const recipes = {
  deltas: { title: "20,000 deltas", content: texts, cut: record },
  "deltas-segments": { title: "20,000 deltas, 1,460 B chunks", content: texts, cut: segment },
  "deltas-each": { title: "20,000 deltas, a chunk each", content: texts, cut: "each event" },
  "deltas-wide": { title: "20,000 deltas beyond Latin-1", content: wideTexts, cut: record },
  "deltas-reasoning": { title: "20,000 reasoning deltas", content: reasoning, cut: record },
  "image-1": image(1, record),
  "image-2": image(2, record),
  "image-4": image(4, record),
  "image-8": image(8, record),
  "image-1-segments": image(1, segment),
  "image-2-segments": image(2, segment),
  "image-4-segments": image(4, segment),
  "image-8-segments": image(8, segment),
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

function image(sizeMib: number, cut: number): Recipe {
  const chunks = cut === segment ? ", 1,460 B chunks" : "";
  return { title: `one ${sizeMib} MiB event${chunks}`, content: () => imageStream(sizeMib * mebibyte), cut };
}

function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.subarray(start, start + size));
  return chunks;
}
