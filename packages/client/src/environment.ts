/** Environment variables, like `process.env`. They are read again for each request, so changes count. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process. Nothing else reads them; whoever passes an environment of its own bypasses them. */
export function processEnvironment(): Environment {
  return process.env;
}
