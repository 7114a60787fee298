import { type AuthProvider, applyAuth } from "@codex-ts/auth-provider";

/**
 * Remembers what was sent as a credential, because some servers and proxies echo what they were sent. The transport
 * looks after answers with a status that says no; errors of JSON-RPC come with any.
 */
export class Secrets {
  readonly #known = new Set<string>();

  /** Makes a provider whose credentials are remembered. */
  remembering(provider: AuthProvider): AuthProvider {
    return {
      addAuthHeaders(headers) {
        provider.addAuthHeaders(headers);
      },
      applyAuth: async (request) => {
        const signed = await applyAuth(provider, request);
        this.add(signed.headers.get("authorization"));
        return signed;
      },
      recover: async (rejection) => (await provider.recover?.(rejection)) === true,
    };
  }

  /** Remembers the value of `Authorization`. */
  add(authorization: string | null | undefined): void {
    const secret = authorization?.replace(/^\S+\s+/, "").trim() ?? "";
    // Nobody's credential is that short, and to replace it would garble texts.
    if (secret.length < 8) return;
    this.#known.delete(secret);
    this.#known.add(secret);
    const [oldest] = this.#known;
    if (this.#known.size > kept && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Replaces what is known in a text. */
  scrub(text: string): string {
    let scrubbed = text;
    for (const secret of this.#known) scrubbed = scrubbed.replaceAll(secret, "[redacted]");
    return scrubbed;
  }
}

/** Assertions change with every second, and an answer may come late. */
const kept = 64;
