/** The place of a request within a distributed trace (W3C Trace Context). */
export interface TraceContext {
  /** `00-<trace id>-<span id>-<flags>`. */
  readonly traceparent: string;
  readonly tracestate?: string | undefined;
}

/** Tells the current trace context. Asked again for each attempt, so that a retry shows its own span. */
export type TraceSource = () => TraceContext | undefined;

/**
 * Asks for the trace headers of a request. A context that is not valid gives none, and so does a source that fails:
 * tracing must not break a request.
 */
export function traceHeaders(source: TraceSource): readonly (readonly [name: string, value: string])[] {
  const context = ask(source);
  if (context === undefined || !isTraceparent(context.traceparent)) return [];
  const { traceparent, tracestate } = context;
  if (tracestate === undefined || !isTracestate(tracestate)) return [["traceparent", traceparent]];
  return [
    ["traceparent", traceparent],
    ["tracestate", tracestate],
  ];
}

function ask(source: TraceSource): TraceContext | undefined {
  try {
    return source();
  } catch {
    return undefined;
  }
}

/** Ids of zeros only and version ff are invalid (W3C Trace Context, 3.2.2). */
function isTraceparent(text: string): boolean {
  return /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(text);
}

function isTracestate(text: string): boolean {
  return text.length <= 512 && /^[ -~]+$/.test(text);
}
