/** What a side without a client of its own sends. */
export function streamRequest(): {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: string;
} {
  return {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ model: "gpt-5.4", input: "hello", stream: true }),
  };
}
