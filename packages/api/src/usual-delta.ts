import type { ResponseEvent } from "@codex-ts/protocol";

const number = String.raw`(?:0|[1-9]\d{0,8})`;
const label = String.raw`"(?:item_id|obfuscation)":"[\w-]*"`;
const characters = String.raw`[^"\\\x00-\x1f]*`;
const text = String.raw`"(${characters}(?:\\.${characters})*)"`;

const outputText = usual("response.output_text.delta", ["sequence_number", "output_index", "content_index"]);
const reasoningText = usual(
  "response.reasoning_text.delta",
  ["sequence_number", "output_index"],
  "content_index",
);
const reasoningSummary = usual(
  "response.reasoning_summary_text.delta",
  ["sequence_number", "output_index"],
  "summary_index",
);

/** Far longer than any token. With millions of escapes the expressions would overflow their stack. */
const longestUsual = 4096;

/**
 * Reads a delta of text or of reasoning as servers write it, without parsing the rest.
 *
 * Nearly every payload of a turn is one, and `JSON.parse` is half of what reading it costs: it makes an object with
 * seven members of which most are thrown away. The expressions accept valid JSON only, and nothing that the general path
 * would read in another way.
 *
 * @param data - A payload, as text.
 * @returns Nothing when it is anything else, or written in another way. Then the general path decides.
 */
export function readUsualDelta(data: string): ResponseEvent | undefined {
  if (data.length > longestUsual) return undefined;
  const output = outputText.exec(data);
  if (output !== null) {
    const delta = unescaped(output[1]);
    return delta === undefined ? undefined : { type: "output_text_delta", delta };
  }
  const summary = reasoningSummary.exec(data);
  if (summary !== null) {
    const delta = unescaped(summary[2]);
    return delta === undefined
      ? undefined
      : { type: "reasoning_summary_delta", delta, summary_index: Number(summary[1]) };
  }
  const reasoning = reasoningText.exec(data);
  if (reasoning === null) return undefined;
  const delta = unescaped(reasoning[2]);
  return delta === undefined
    ? undefined
    : { type: "reasoning_content_delta", delta, content_index: Number(reasoning[1]) };
}

/**
 * Matches a payload of a type in the order in which servers write it: the type, then the index that counts, then the text, with
 * members in between that say nothing to us, each with any value that servers give it.
 */
function usual(type: string, numbers: readonly string[], index?: string): RegExp {
  const others = String.raw`(?:,(?:"(?:${numbers.join("|")})":${number}|${label}|"logprobs":\[\]))*`;
  const counted = index === undefined ? "" : `,"${index}":(${number})${others}`;
  return new RegExp(
    String.raw`^\{"type":"${type.replaceAll(".", String.raw`\.`)}"${others}${counted},"delta":${text}${others}\}$`,
  );
}

function unescaped(written: string | undefined): string | undefined {
  if (written === undefined || !written.includes("\\")) return written;
  try {
    return JSON.parse(`"${written}"`) as string;
  } catch {
    // An escape that JSON does not know.
    return undefined;
  }
}
