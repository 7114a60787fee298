import { inspect } from "node:util";

/** Makes a value with a private key print as `[redacted]` there. Its own members stay as they are. */
export function redactWhenPrinted<T extends { readonly agent_private_key: string }>(value: T): T {
  return Object.defineProperty(value, inspect.custom, { value: () => withoutPrivateKey(value) });
}

/** The same, and also where the value is serialized as JSON. */
export function redactEverywhere<T extends { readonly agent_private_key: string }>(value: T): T {
  return Object.defineProperty(redactWhenPrinted(value), "toJSON", { value: () => withoutPrivateKey(value) });
}

function withoutPrivateKey(value: object): object {
  return { ...value, agent_private_key: "[redacted]" };
}
