/**
 * One side of a contest. Its module exports `createContestant` and runs in a process of its own, so that no side
 * pays for the heap, the compiled code or the inline caches of another.
 */
export interface Contestant<Input, Outcome> {
  /** Does the work once. Its time is taken from outside. */
  run(input: Input): Promise<Outcome>;
}

/** What a contestant's module exports. */
export interface ContestantModule<Input, Outcome> {
  createContestant(): Promise<Contestant<Input, Outcome>>;
}

/** One round of one side. CPU time covers all threads of its process: compiler and garbage collector too. */
export interface Round<Outcome> {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly outcome: Outcome;
}

/** What the worker answers. */
export type WorkerAnswer =
  | { readonly type: "ready" }
  | { readonly type: "round"; readonly round: Round<unknown> }
  | { readonly type: "failed"; readonly error: string };
