import type { Backend } from "../../src/index.js";

/** A turn that a model call asks for. */
export function turn(text: string): { model: string; stream: true; input: object[] } {
  return {
    model: "gpt-5.5",
    stream: true,
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text }] }],
  };
}

/** Posts a model call with an API key, unless the headers say otherwise. */
export function postResponses(
  { urls }: Backend,
  body: unknown = turn("hello"),
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${urls.openai}/responses`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
    headers: { authorization: "Bearer sk-test", "content-type": "application/json", ...init.headers },
  });
}

/** The payloads of an event stream, each parsed. */
export function payloads(stream: string): Record<string, unknown>[] {
  return [...stream.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? ""));
}

/** The code of an error answer. */
export async function errorCode(response: Response): Promise<unknown> {
  const { error } = (await response.json()) as { error: { code: unknown } };
  return error.code;
}
