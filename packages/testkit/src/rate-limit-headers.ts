/** The rate-limit headers of a session in good standing: a five-hour and a weekly window, and credits. */
export function defaultRateLimitHeaders(nowMs: number): Record<string, string> {
  const now = Math.floor(nowMs / 1000);
  return {
    "x-codex-active-limit": "codex",
    "x-codex-plan-type": "pro",
    "x-codex-primary-used-percent": "12.5",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": String(now + 3 * 3600),
    "x-codex-secondary-used-percent": "40",
    "x-codex-secondary-window-minutes": "10080",
    "x-codex-secondary-reset-at": String(now + 5 * 86_400),
    "x-codex-credits-has-credits": "true",
    "x-codex-credits-unlimited": "false",
    "x-codex-credits-balance": "25.00",
  };
}
