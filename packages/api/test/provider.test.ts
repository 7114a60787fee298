import { expect, test } from "vitest";
import { isAzureProvider, providerUrl } from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";

interface ProviderVector {
  readonly name: string;
  readonly input: {
    readonly name: string;
    readonly base_url: string;
    readonly path: string | null;
    readonly query_params: Readonly<Record<string, string>> | null;
  };
  readonly expected: { readonly is_azure: boolean; readonly url?: string };
}

const { cases } = readVectors<{ readonly cases: readonly ProviderVector[] }>("provider");

test.each(cases.map((vector) => [vector.name, vector] as const))(
  "vector %s",
  (_name, { input, expected }) => {
    const provider = {
      name: input.name,
      baseUrl: input.base_url,
      queryParams: input.query_params ?? undefined,
    };

    expect({
      is_azure: isAzureProvider(provider),
      ...(input.path === null ? {} : { url: providerUrl(provider, input.path) }),
    }).toStrictEqual(expected);
  },
);

test("several query parameters keep their order", () => {
  const provider = { baseUrl: "https://h.example.test", queryParams: { b: "1", a: "2" } };
  expect(providerUrl(provider, "responses")).toBe("https://h.example.test/responses?b=1&a=2");
});

test("a base URL that has a query is not parsed", () => {
  expect(providerUrl({ baseUrl: "https://h/v1?x=1" }, "responses")).toBe("https://h/v1?x=1/responses");
});

test.each([
  "https://openai.azure-api.net",
  "https://foo.openai.azure.us/openai/deployments/bar",
  "https://FOO.OPENAI.AZURE.COM/openai",
])("%s is Azure", (baseUrl) => {
  expect(isAzureProvider({ name: "test", baseUrl })).toBe(true);
});

test.each(["https://api.openai.com/v1", "https://example.com/openai"])("%s is not Azure", (baseUrl) => {
  expect(isAzureProvider({ name: "test", baseUrl })).toBe(false);
});
