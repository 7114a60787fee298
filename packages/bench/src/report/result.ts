/** One table of figures, as printed. The first column names the row. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One promise about a figure. */
export interface Check {
  readonly claim: string;
  readonly measured: number;
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
  readonly holds: boolean;
}

/** What one bench found out. */
export interface BenchResult {
  readonly name: string;
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
  /** The figures behind the tables, for the JSON file. */
  readonly figures: unknown;
}

/** Compares a figure with the most it may be. */
export function atMost(claim: string, measured: number, limit: number): Check {
  return { claim, measured, bound: { atMost: limit }, holds: measured <= limit };
}

/** Compares a figure with the least it must be. */
export function atLeast(claim: string, measured: number, limit: number): Check {
  return { claim, measured, bound: { atLeast: limit }, holds: measured >= limit };
}
