import type { ContentItem, MessageItem, ResponseItem } from "@codex-ts/protocol";
import { estimateTokens } from "./token-estimate.js";

/**
 * Keeps what users said, the newest first, as far as it fits. The oldest of them may be cut.
 *
 * @returns In the order of the conversation.
 */
export function retainedMessages(
  items: readonly ResponseItem[],
  maxTokens: number,
  isUserMessage: (item: ResponseItem) => boolean,
): ResponseItem[] {
  const kept: ResponseItem[] = [];
  let left = maxTokens;
  for (const item of items.toReversed()) {
    if (item.type !== "message" || !isUserMessage(item)) continue;
    const tokens = estimateTokens(messageText(item));
    if (tokens <= left) {
      kept.push(item);
      left -= tokens;
      continue;
    }
    if (left > 0) kept.push(cutMessage(item, left));
    break;
  }
  return kept.reverse();
}

/** Tells what a user said from what a client puts into the conversation in the user's name. */
export function isRealUserMessage(item: ResponseItem): boolean {
  if (item.type !== "message" || item.role !== "user") return false;
  const start = messageText(item).trimStart();
  return !contextStarts.some((text) => start.startsWith(text));
}

export function messageText({ content }: MessageItem): string {
  return content.map((part) => ("text" in part ? part.text : "")).join("");
}

const contextStarts = [
  "<environment_context>",
  "<user_instructions>",
  "<turn_aborted>",
  "<skill>",
  "<user_shell_command>",
  "<subagent_notification>",
  "# AGENTS.md instructions",
];

/** Keeps the beginning, and whatever is no text. */
function cutMessage(item: MessageItem, maxTokens: number): MessageItem {
  let left = maxTokens * bytesPerToken;
  const content = item.content.flatMap((part): ContentItem[] => {
    if (!("text" in part)) return [part];
    const bytes = Buffer.from(part.text);
    const text = bytes.length <= left ? part.text : cutText(bytes, left);
    left -= Math.min(left, bytes.length);
    return text === "" ? [] : [{ ...part, text }];
  });
  return { ...item, content };
}

const bytesPerToken = 4;

function cutText(bytes: Buffer, length: number): string {
  let end = length;
  // Not in the middle of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
