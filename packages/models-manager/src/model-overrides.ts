/** What a configuration says about a model, whatever the catalogue says. */
export interface ModelOverrides {
  /** True: the model takes reasoning summaries. False changes nothing. */
  readonly supportsReasoningSummaries?: boolean | undefined;
  /** Tokens; cut to the largest window that the model allows. */
  readonly contextWindow?: number | undefined;
  /** Tokens after which the history is shortened. */
  readonly autoCompactTokenLimit?: number | undefined;
  /** Where the output of tools is cut, in tokens. */
  readonly toolOutputTokenLimit?: number | undefined;
  /** Instructions in place of the model's own texts. */
  readonly baseInstructions?: string | undefined;
  /** False: the texts of a personality are left out. @defaultValue true */
  readonly personality?: boolean | undefined;
}
