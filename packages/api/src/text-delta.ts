// The members of a text delta that say nothing to us, each with any value that servers give it.
const index = String.raw`"(?:sequence_number|output_index|content_index)":(?:0|[1-9]\d{0,8})`;
const label = String.raw`"(?:item_id|obfuscation)":"[\w-]*"`;
const others = String.raw`(?:,(?:${index}|${label}|"logprobs":\[\]))*`;
const characters = String.raw`[^"\\\x00-\x1f]*`;
const text = String.raw`${characters}(?:\\.${characters})*`;
const usualTextDelta = new RegExp(
  String.raw`^\{"type":"response\.output_text\.delta"${others},"delta":"(${text})"${others}\}$`,
);

/** Far longer than any token. With millions of escapes the expression would overflow its stack. */
const longestUsual = 4096;

/**
 * Reads the text out of a text delta as servers write it, without parsing the rest.
 *
 * Nearly every payload of a turn is one, and `JSON.parse` is half of what reading it costs: it makes an object with
 * seven members of which six are thrown away. The expression accepts valid JSON only, and nothing that the general path
 * would read in another way.
 *
 * @param data - A payload, as text.
 * @returns Nothing when it is anything else, or written in another way. Then the general path decides.
 */
export function readUsualTextDelta(data: string): string | undefined {
  if (data.length > longestUsual) return undefined;
  const delta = usualTextDelta.exec(data)?.[1];
  return delta?.includes("\\") ? unescaped(delta) : delta;
}

function unescaped(characters: string): string | undefined {
  try {
    return JSON.parse(`"${characters}"`) as string;
  } catch {
    // An escape that JSON does not know.
    return undefined;
  }
}
