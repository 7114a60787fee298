/** Matches an endpoint of the Codex backend in both styles of path: `/backend-api/wham/…` and `/api/codex/…`. */
export function codexPath(suffix: string): RegExp {
  return new RegExp(`^(?:/backend-api/wham|/api/codex)/${suffix}$`);
}
