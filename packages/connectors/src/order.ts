import type { AppInfo } from "@codex-ts/protocol";
import { compareText } from "./text.js";

/** Compares by name, then by id. */
export function byName(left: AppInfo, right: AppInfo): number {
  return compareText(left.name, right.name) || compareText(left.id, right.id);
}

/** What can be used comes first, then by name. */
export function accessibleFirst(left: AppInfo, right: AppInfo): number {
  return Number(right.isAccessible) - Number(left.isAccessible) || byName(left, right);
}
