import {
  type RefreshContext,
  type RefreshOrder,
  type RefreshResult,
  refreshLogin,
} from "./refresh-transaction.js";

/** Refreshes under way in this process, by storage and generation of the tokens. */
const underWay = new Map<string, Promise<RefreshResult>>();

/**
 * The same as {@link refreshLogin}, once for all callers of this process who want the same tokens refreshed at the
 * same time, whichever manager they came through.
 */
export function shareRefresh(context: RefreshContext, order: RefreshOrder): Promise<RefreshResult> {
  const key = `${context.storage.lockFile ?? "memory"}\n${order.target.generation}`;
  const running = underWay.get(key);
  if (running !== undefined) return running;
  const refresh = refreshLogin(context, order).finally(() => underWay.delete(key));
  underWay.set(key, refresh);
  return refresh;
}
