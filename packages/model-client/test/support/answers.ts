/** The events of an assistant's message, from beginning to end. */
export function messageEvents(id: string, text: string): object[] {
  const item = { id, type: "message", role: "assistant" };
  return [
    { type: "response.output_item.added", item: { ...item, content: [] } },
    ...(text.match(/\s*\S+\s*/g) ?? []).map((delta) => ({ type: "response.output_text.delta", delta })),
    { type: "response.output_item.done", item: { ...item, content: [{ type: "output_text", text }] } },
  ];
}

/** The events of a call of a tool. */
export function callEvents(callId: string): object[] {
  const item = { id: `fc_${callId}`, type: "function_call", name: "shell", arguments: "{}", call_id: callId };
  return [
    { type: "response.output_item.added", item },
    { type: "response.output_item.done", item },
  ];
}

export function callOutput(callId: string): {
  type: "function_call_output";
  call_id: string;
  output: string;
} {
  return { type: "function_call_output", call_id: callId, output: "done" };
}

export function created(id = "resp_1", more: object = {}): object {
  return { type: "response.created", response: { id, ...more } };
}

export function completed(id = "resp_1", more: object = {}): object {
  return { type: "response.completed", response: { id, ...more } };
}

export function failed(code: string, message = "no"): object {
  return { type: "response.failed", response: { id: "resp_1", error: { code, message } } };
}
