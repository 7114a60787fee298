/** How many small requests one round sends, each after the answer to the one before. */
export interface RequestInput {
  readonly baseUrl: string;
  readonly count: number;
}

/** How many were answered. */
export interface RequestOutcome {
  readonly answered: number;
}

/** What every side sends. */
export const requestBody = {
  model: "gpt-5.4",
  input: "Say hello in one word.",
  metadata: { purpose: "a small request" },
} as const;
