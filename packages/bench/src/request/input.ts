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

/** What our transport sends with it; the floor sends the same, so that both put the same bytes on the wire. */
export const requestHeaders = {
  accept: "*/*",
  originator: "codex_ts",
  "user-agent": "codex_ts/0.0.0 (Linux 6.18.44; x86_64) node/26.10.0",
  "content-type": "application/json",
  authorization: "Bearer sk-bench",
} as const;
