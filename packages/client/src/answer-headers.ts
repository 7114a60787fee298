import type { AnswerHeaders } from "./answer-receiver.js";

/** Makes a `Headers` object of the headers of an answer. */
export function toHeaders(answer: AnswerHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer)) {
    for (const single of typeof value === "string" ? [value] : (value ?? [])) headers.append(name, single);
  }
  return headers;
}
