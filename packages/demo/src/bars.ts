import type { RateLimitSnapshot, RateLimitWindow, TokenUsage } from "@codex-ts/protocol";

const width = 24;

/** Draws how much of each rate-limit window is used, a line for each; nothing when no window is known. */
export function rateLimitBars(snapshot: RateLimitSnapshot, now: Date): string[] {
  return [snapshot.primary, snapshot.secondary]
    .filter((window) => window !== null)
    .map((window) => {
      const label = `${snapshot.limit_name ?? snapshot.limit_id} ${windowLength(window)}`.trim();
      const resets =
        window.resets_at === null ? "" : `, resets in ${duration(window.resets_at * 1000 - now.getTime())}`;
      return `${label.padEnd(14)} ${bar(window.used_percent / 100)} ${window.used_percent} % used${resets}`;
    });
}

/** Draws how the tokens of a turn divide into input, cached input, output and reasoning. */
export function usageBars(usage: TokenUsage): string[] {
  const rows: [string, number][] = [
    ["input", usage.input_tokens],
    ["  cached", usage.cached_input_tokens],
    ["output", usage.output_tokens],
    ["  reasoning", usage.reasoning_output_tokens],
  ];
  return rows.map(([label, tokens]) => {
    const share = usage.total_tokens > 0 ? tokens / usage.total_tokens : 0;
    return `${label.padEnd(14)} ${bar(share)} ${tokens} tokens`;
  });
}

function bar(share: number): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

function windowLength({ window_minutes: minutes }: RateLimitWindow): string {
  return minutes === null ? "" : duration(minutes * 60_000);
}

function duration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
