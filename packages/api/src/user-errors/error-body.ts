import { isJsonObject, type JsonObject } from "../json-object.js";

/** Gives the `error` object of the JSON body of a refusal. */
export function errorObject(body: string): JsonObject | undefined {
  const error = member(parsed(body), "error");
  return isJsonObject(error) ? error : undefined;
}

/** Gives a member of that object, if it is a string. */
export function errorMember(body: string, name: "code" | "message"): string | undefined {
  const value = errorObject(body)?.[name];
  return typeof value === "string" ? value : undefined;
}

function member(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
