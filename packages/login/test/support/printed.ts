import { inspect } from "node:util";

/** Everything that printing, logging or serializing a value could show, hidden members and causes included. */
export function everythingPrinted(value: unknown): string {
  const texts = [
    inspect(value, {
      showHidden: true,
      depth: Number.POSITIVE_INFINITY,
      getters: true,
      maxStringLength: null,
    }),
    inspect(value),
    String(value),
    JSON.stringify(value, (_key, member: unknown) =>
      typeof member === "bigint" ? String(member) : member,
    ) ?? "",
  ];
  if (value instanceof Error) texts.push(value.stack ?? "", value.message, everythingPrinted(value.cause));
  return texts.join("\n");
}
