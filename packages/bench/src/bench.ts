import type { BenchResult } from "./report/result.ts";

/** How thorough a bench is. */
interface BenchOptions {
  readonly quick: boolean;
}

/** One bench. */
export interface Bench {
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  run(options: BenchOptions): Promise<BenchResult>;
}
