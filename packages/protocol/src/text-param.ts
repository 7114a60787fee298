/** How long an answer is. */
export type Verbosity = "low" | "medium" | "high";

/** Makes the model answer with JSON of a schema. */
export interface JsonSchemaFormat {
  readonly type: "json_schema";
  readonly strict: boolean;
  readonly schema: unknown;
  readonly name: string;
}

/** The `text` member of a request. */
export interface TextParam {
  readonly verbosity?: Verbosity | undefined;
  readonly format?: JsonSchemaFormat | undefined;
}

/** What {@link createTextParam} is made from. */
export interface TextParamOptions {
  readonly verbosity?: Verbosity | undefined;
  /** JSON schema of the answer, sent as given. */
  readonly outputSchema?: unknown;
  /** Whether the answer has to follow the schema to the letter. @defaultValue `true` */
  readonly strict?: boolean | undefined;
}

/** Makes the `text` member of a request; nothing when neither a verbosity nor a schema is given. */
export function createTextParam({
  verbosity,
  outputSchema,
  strict = true,
}: TextParamOptions = {}): TextParam | undefined {
  if (verbosity === undefined && outputSchema === undefined) return undefined;
  return {
    ...(verbosity === undefined ? {} : { verbosity }),
    ...(outputSchema === undefined
      ? {}
      : { format: { type: "json_schema", strict, schema: outputSchema, name: "codex_output_schema" } }),
  };
}
