import type { CookieSource } from "./exchange-settings.js";
import { type Cookie, isSentTo, parseSetCookie } from "./set-cookie.js";

/** Cookies that outlive an exchange. */
export type CookieJar = CookieSource;

/** Keeps cookies in memory by the rules of RFC 6265. When there are too many, the oldest is dropped. */
export class MemoryCookieJar implements CookieJar {
  readonly #clock: () => number;
  /** In the order in which they were first set. */
  readonly #cookies = new Map<string, Cookie>();

  /** @param clock - Milliseconds since the epoch. */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  headerFor(url: URL): string | undefined {
    const now = this.#clock();
    const cookies = [...this.#cookies.values()].filter(
      (cookie) => cookie.expiresAt > now && isSentTo(cookie, url),
    );
    if (cookies.length === 0) return undefined;
    // RFC 6265, 5.4: the longest path first, then the oldest.
    cookies.sort((a, b) => b.path.length - a.path.length);
    return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  store(url: URL, setCookie: readonly string[]): void {
    const now = this.#clock();
    for (const header of setCookie) {
      const cookie = parseSetCookie(header, url, now);
      if (cookie !== undefined) this.#put(cookie, now);
    }
  }

  #put(cookie: Cookie, now: number): void {
    const key = `${cookie.domain} ${cookie.path} ${cookie.name}`;
    if (cookie.expiresAt <= now) this.#cookies.delete(key);
    else this.#cookies.set(key, cookie);
    const [oldest] = this.#cookies.keys();
    if (this.#cookies.size > maxCookies && oldest !== undefined) this.#cookies.delete(oldest);
  }
}

const maxCookies = 100;
