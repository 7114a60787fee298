/** What a person sees in the end. */
export interface Sight {
  readonly status: number;
  /** Where the browser has ended up. */
  readonly url: string;
  readonly text: string;
  readonly headers: Headers;
}

/** Opens an address as a browser does: goes wherever it is sent. */
export async function visit(url: string): Promise<Sight> {
  const response = await fetch(url);
  return {
    status: response.status,
    url: response.url,
    text: await response.text(),
    headers: response.headers,
  };
}

/** Opens an address and stays there: returns where it would have been sent. */
export async function peek(url: string): Promise<string> {
  const response = await fetch(url, { redirect: "manual" });
  await response.arrayBuffer();
  return response.headers.get("location") ?? "";
}

/** A person at a browser, for `openUrl`. Remembers what was seen. */
export class FakeBrowser {
  readonly addresses: string[] = [];
  readonly #sights: Promise<Sight>[] = [];

  readonly open = (url: string): void => {
    this.addresses.push(url);
    const sight = visit(url);
    // Whoever does not look does not care.
    sight.catch(() => {});
    this.#sights.push(sight);
  };

  /** What the last address led to. */
  async sight(): Promise<Sight> {
    const sight = this.#sights.at(-1);
    if (sight === undefined) throw new Error("nothing was opened");
    return await sight;
  }
}
