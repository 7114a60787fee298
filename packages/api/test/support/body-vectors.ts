import { readVectors } from "./read-vectors.js";

interface RequestVector {
  readonly name: string;
  readonly request: string;
  readonly input: unknown;
  readonly expected_body: object;
}

interface ResponseVector {
  readonly name: string;
  readonly response: string;
  readonly body: unknown;
  readonly expected:
    | { readonly ok: true; readonly value: unknown }
    | { readonly ok: false; readonly rust_error: string };
}

const vectors = readVectors<{
  readonly requests: readonly RequestVector[];
  readonly responses: readonly ResponseVector[];
}>("request-bodies");

/** The bodies that an endpoint gets, as rows of a table. The input is what the caller gives. */
export function requestVectors<Input>(
  request: string,
): readonly (readonly [name: string, input: Input, expectedBody: object])[] {
  const found = vectors.requests.filter((vector) => vector.request === request);
  return found.map(({ name, input, expected_body }) => [name, input as Input, expected_body] as const);
}

/** The answers of an endpoint that are usable, as rows of a table. */
export function goodAnswers(
  response: string,
): readonly (readonly [name: string, body: string, value: unknown])[] {
  return vectors.responses.flatMap(({ name, body, expected, ...vector }) =>
    vector.response === response && expected.ok
      ? [[name, JSON.stringify(body), expected.value] as const]
      : [],
  );
}

/** The answers of an endpoint that are not, and what the reference says of them. */
export function badAnswers(
  response: string,
): readonly (readonly [name: string, body: string, referenceText: string])[] {
  return vectors.responses.flatMap(({ name, body, expected, ...vector }) =>
    vector.response === response && !expected.ok
      ? [[name, JSON.stringify(body), expected.rust_error] as const]
      : [],
  );
}
