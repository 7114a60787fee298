/** What a reader must find in a stream. */
export interface StreamContent {
  /** The text of the server-sent events, one element for each event with its blank line. */
  readonly frames: readonly string[];
  /** How many of them are deltas of text. */
  readonly deltas: number;
  /** Characters (UTF-16 units) in all deltas, or in the image. */
  readonly characters: number;
}

const responseId = "resp_0123456789abcdef0123456789abcdef0123456789abcdef";
const itemId = "msg_0123456789abcdef0123456789abcdef0123456789abcdef";
/** Text that fits into a byte for each character, as most English text does. */
const narrowWords: readonly string[] = [
  "The",
  " stream",
  " of",
  " words,",
  " and",
  " a",
  " line\n",
  ' "quoted"',
];
/** Text that does not: where it appears, V8 stores the whole chunk in two bytes for each character. */
export const wideWords: readonly string[] = ["The", " café", " —", " 漢字", " and", " a", " 🙂", " line\n"];

/** A turn that arrives as many small text deltas of these words. */
export function deltaStream(deltas: number, words: readonly string[] = narrowWords): StreamContent {
  const message = { id: itemId, type: "message", role: "assistant" };
  const part = { type: "output_text", annotations: [], logprobs: [] };
  const at = { item_id: itemId, output_index: 0, content_index: 0 };
  const texts = repeated(words, deltas);
  const text = texts.join("");
  const item = { ...message, status: "completed", content: [{ ...part, text }] };
  const payloads: Payload[] = [
    ...opening(),
    added({ ...message, status: "in_progress", content: [] }),
    { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
    ...texts.map((delta) => ({ type: "response.output_text.delta", ...at, delta, logprobs: [] })),
    { type: "response.output_text.done", ...at, text, logprobs: [] },
    { type: "response.content_part.done", ...at, part: { ...part, text } },
    done(item),
    ...closing(),
  ];
  return { frames: payloads.map(frame), deltas, characters: text.length };
}

/** A turn that thinks aloud in as many small deltas. */
export function reasoningStream(deltas: number): StreamContent {
  const reasoning = { id: itemId, type: "reasoning" };
  const part = { type: "summary_text" };
  const at = { item_id: itemId, output_index: 0, summary_index: 0 };
  const texts = repeated(narrowWords, deltas);
  const text = texts.join("");
  const payloads: Payload[] = [
    ...opening(),
    added({ ...reasoning, summary: [] }),
    { type: "response.reasoning_summary_part.added", ...at, part: { ...part, text: "" } },
    ...texts.map((delta) => ({ type: "response.reasoning_summary_text.delta", ...at, delta })),
    { type: "response.reasoning_summary_text.done", ...at, text },
    { type: "response.reasoning_summary_part.done", ...at, part: { ...part, text } },
    done({ ...reasoning, summary: [{ ...part, text }] }),
    ...closing(),
  ];
  return { frames: payloads.map(frame), deltas, characters: text.length };
}

/** A turn with one generated image, whose event is exactly this many bytes long on the wire. */
export function imageStream(eventBytes: number): StreamContent {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const before = opening();
  const image = (result: string): string =>
    frame(
      done({ id: "ig_0123456789abcdef", type: "image_generation_call", status: "completed", result }),
      before.length,
    );
  const characters = eventBytes - image("").length;
  if (characters < 0) throw new TypeError(`an image event has at least ${image("").length} bytes`);
  const result = alphabet.repeat(Math.ceil(characters / alphabet.length)).slice(0, characters);
  const frames = [
    ...before.map(frame),
    image(result),
    ...closing().map((payload, index) => frame(payload, before.length + 1 + index)),
  ];
  return { frames, deltas: 0, characters };
}

interface Payload {
  readonly type: string;
  readonly [member: string]: unknown;
}

function repeated(words: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => words[index % words.length] as string);
}

function opening(): Payload[] {
  return ["response.created", "response.in_progress"].map((type) => ({
    type,
    response: response("in_progress"),
  }));
}

function added(item: object): Payload {
  return { type: "response.output_item.added", output_index: 0, item };
}

function done(item: object): Payload {
  return { type: "response.output_item.done", output_index: 0, item };
}

function closing(): Payload[] {
  const usage = {
    input_tokens: 1000,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 20_000,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 21_000,
  };
  return [{ type: "response.completed", response: { ...response("completed"), usage } }];
}

function response(status: string): object {
  return {
    id: responseId,
    object: "response",
    created_at: 1_780_000_000,
    status,
    model: "gpt-5.4",
    output: [],
  };
}

function frame({ type, ...rest }: Payload, sequenceNumber: number): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequenceNumber, ...rest })}\n\n`;
}
