import { parseJsonObject } from "../oauth/token-endpoint.js";
import { asObject } from "../tokens/jwt.js";
import { printable } from "./printable.js";

/**
 * Finds what the token endpoint says about a refusal: its description, else its code, else its text.
 *
 * @param secrets - What was sent, as some servers echo it.
 */
export function tokenErrorDetail(text: string, secrets: readonly string[]): string {
  const body = parseJsonObject(text);
  // JSON of another form is not shown: nobody knows what it holds.
  const detail = body === undefined ? text : describe(body);
  return printable(detail, secrets) || "unknown error";
}

function describe({ error, error_description: description }: Record<string, unknown>): string {
  const nested = asObject(error);
  return [description, nested?.["message"], error, nested?.["code"]].find(isFilled) ?? "";
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
