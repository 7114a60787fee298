const secretHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "x-openai-agent-assertion",
]);

/** The header as it may be shown: of a credential only its scheme is left. */
export function redactHeader(name: string, value: string): string {
  if (!secretHeaders.has(name.toLowerCase())) return value;
  const scheme = /^(?:Bearer|Basic|AgentAssertion) /i.exec(value)?.[0] ?? "";
  return `${scheme}[redacted]`;
}
