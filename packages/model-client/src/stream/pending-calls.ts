import type { ResponseItem } from "@codex-ts/protocol";

/** Tells whether the items hold a call that nobody has answered, and that is not the server's own to answer. */
export function hasPendingCall(items: readonly ResponseItem[]): boolean {
  return items.some(isClientCall);
}

function isClientCall(item: ResponseItem): boolean {
  switch (item.type) {
    case "custom_tool_call":
    case "function_call":
    case "local_shell_call":
      return true;
    case "tool_search_call":
      return item.execution === "client";
    default:
      return false;
  }
}
