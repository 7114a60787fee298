import { z } from "zod";
import type { SearchResponse } from "../search.js";
import { orAbsent, orNull, withoutUnset } from "./optional.js";

/** Reads the answer of `POST …/alpha/search`. An empty list of results is left out. */
export const searchResponseSchema: z.ZodType<SearchResponse> = z
  .object({
    output: z.string(),
    encrypted_output: orNull(z.string()),
    results: orAbsent(z.array(z.unknown())),
  })
  .transform(({ results, ...answer }) =>
    withoutUnset({ ...answer, results: results?.length === 0 ? undefined : results }),
  );
