import type { RequestHeaders, RetryPolicy } from "@codex-ts/client";

/** Where requests go and how patient they are. Says nothing about who sends them. */
export interface Provider {
  /** Display name. `azure`, in any case, makes it an Azure provider. */
  readonly name: string;
  /** What paths are appended to, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Appended to every URL, exactly as written: nothing is percent-encoded. */
  readonly queryParams?: Readonly<Record<string, string>> | undefined;
  /** Sent on every request. Headers of the request itself replace those of the same name. */
  readonly headers?: RequestHeaders | undefined;
  /**
   * What is tried again before the head of an answer has arrived. A body that fails is never tried again here.
   *
   * @defaultValue `defaultRetryPolicy` of `@codex-ts/client`: four retries of 5xx and of network failures
   */
  readonly retry?: RetryPolicy | undefined;
  /**
   * Longest silence on a stream in milliseconds. Every byte counts, also that of a comment. 0 turns it off.
   *
   * @defaultValue 300_000
   */
  readonly streamIdleTimeoutMs?: number | undefined;
  /**
   * Longest wait for the next complete event in milliseconds, whatever other bytes arrive. 0 turns it off.
   *
   * @defaultValue 0
   */
  readonly streamEventTimeoutMs?: number | undefined;
  /**
   * Longest wait for the first event in milliseconds. 0 turns it off.
   *
   * @defaultValue the value of `streamEventTimeoutMs`
   */
  readonly streamFirstEventTimeoutMs?: number | undefined;
  /**
   * Largest event in bytes that a stream accepts.
   *
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly streamMaxEventBytes?: number | undefined;
}

/**
 * Joins the base URL and a path. All slashes between them become one, and an empty path gives the base alone.
 *
 * The base is not parsed as a URL: a query that it already has stays where it is, in front of the path.
 */
export function providerUrl(provider: Pick<Provider, "baseUrl" | "queryParams">, path: string): string {
  const base = provider.baseUrl.replace(trailingSlashes, "");
  const relative = path.replace(leadingSlashes, "");
  const query = Object.entries(provider.queryParams ?? {}).map(([name, value]) => `${name}=${value}`);
  return (relative === "" ? base : `${base}/${relative}`) + (query.length > 0 ? `?${query.join("&")}` : "");
}

/**
 * Tells whether the provider is Azure OpenAI, by its name or by a known part of its base URL.
 * Azure wants `store: true` and the ids of items.
 */
export function isAzureProvider(provider: Pick<Provider, "baseUrl" | "name">): boolean {
  if (azureName.test(provider.name)) return true;
  const url = provider.baseUrl.toLowerCase();
  return azureUrlParts.some((part) => url.includes(part));
}

/**
 * Checks the limits of a provider before a request is sent for nothing.
 *
 * @throws TypeError
 */
export function checkProvider(provider: Provider): void {
  for (const name of timeouts) checkTimeLimit(name, provider[name] ?? 0);
  if (!((provider.streamMaxEventBytes ?? 1) > 0))
    throw new TypeError('"streamMaxEventBytes" must be a positive number');
}

/**
 * Checks a time limit; 0 and Infinity are none.
 *
 * @throws TypeError which names it.
 */
export function checkTimeLimit(name: string, milliseconds: number): void {
  if (!(milliseconds >= 0)) throw new TypeError(`"${name}" must be a non-negative number of milliseconds`);
}

const timeouts = ["streamEventTimeoutMs", "streamFirstEventTimeoutMs", "streamIdleTimeoutMs"] as const;

// Without the look-behind the engine would try every slash of a long run as a start, which is quadratic.
const trailingSlashes = /(?<!\/)\/+$/;
const leadingSlashes = /^\/+/;
const azureName = /^azure$/i;
const azureUrlParts = [
  "openai.azure.",
  "cognitiveservices.azure.",
  "aoai.azure.",
  "azure-api.",
  "azurefd.",
  "windows.net/openai",
];
