import type { WebSocketConnection, WebSocketTransport } from "@codex-ts/client";

/** Opens connections on which every request is complete at once, with an answer of one message. */
export function memoryWebSocket(): WebSocketTransport & { readonly sent: string[] } {
  const sent: string[] = [];
  return { sent, connectWebSocket: async ({ url }) => openConnection(url, sent) };
}

function openConnection(url: string, sent: string[]): WebSocketConnection {
  let answers = 0;
  return {
    url,
    headers: new Headers(),
    isCompressed: false,
    isOpen: true,
    failure: undefined,
    async send(text) {
      sent.push(text);
    },
    messages() {
      answers += 1;
      return batches([answerTexts(answers)]);
    },
    async close() {},
    terminate() {},
    async [Symbol.asyncDispose]() {},
  };
}

async function* batches(list: readonly (readonly string[])[]): AsyncGenerator<readonly string[], undefined> {
  yield* list;
}

function answerTexts(index: number): string[] {
  const content = [{ type: "output_text", text: `Answer ${index}.` }];
  const item = { type: "message", id: `msg_${index}`, role: "assistant", content };
  return [
    JSON.stringify({ type: "response.output_item.done", item }),
    JSON.stringify({ type: "response.completed", response: { id: `resp_${index}` } }),
  ];
}
