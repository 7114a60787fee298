import { z } from "zod";

/** A signed 64-bit integer, as far as a JavaScript number can hold one. */
export const int64: z.ZodType<number> = z
  .number()
  .refine((value) => Number.isInteger(value) && Math.abs(value) <= 2 ** 63, "Expected a 64-bit integer");

/** The same without negative numbers. */
export const unsignedInt64: z.ZodType<number> = z
  .number()
  .refine(
    (value) => Number.isInteger(value) && value >= 0 && value <= 2 ** 64,
    "Expected an unsigned integer",
  );

/** A member that may be missing or `null`, and then has a value of its own. */
export function withDefault<Value>(schema: z.ZodType<Value>, value: Value): z.ZodType<Value> {
  return schema.nullish().transform((given) => given ?? value);
}

/** A member that may be missing or `null`, and then is `null`. */
export function orNull<Value>(schema: z.ZodType<Value>): z.ZodType<Value | null> {
  return withDefault<Value | null>(schema.nullable(), null);
}

/** A member that may be missing or `null`, and then is left out by {@link withoutUnset}. */
export function orAbsent<Value>(schema: z.ZodType<Value>): z.ZodOptional<z.ZodType<Value | undefined>> {
  return schema
    .nullish()
    .transform((given) => given ?? undefined)
    .optional();
}

/** Removes the members that are not set, so that they are missing and not merely `undefined`. */
export function withoutUnset<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}
