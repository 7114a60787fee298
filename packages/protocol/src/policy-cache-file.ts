import type { ConfigBundle } from "./backend/managed-config.js";

/** A file that keeps what a workspace prescribes, with proof that nobody has changed it by accident. */
export interface PolicyCacheFile<Payload extends PolicyCacheFacts = PolicyCacheFacts> {
  readonly signed_payload: Payload;
  /** HMAC-SHA256 over the compact JSON of the payload, in base64. */
  readonly signature: string;
}

/** For whom and how long a cached policy is good. */
export interface PolicyCacheFacts {
  /** Both in RFC 3339. */
  readonly cached_at: string;
  readonly expires_at: string;
  readonly chatgpt_user_id: string | null;
  readonly account_id: string | null;
  /** Where it comes from; `null` for the usual backend. */
  readonly base_url: string | null;
}

/** Payload of `cloud-config-bundle-cache.json`. */
export interface ConfigBundleCachePayload extends PolicyCacheFacts {
  readonly version: number;
  readonly bundle: ConfigBundle;
}

/** Payload of `cloud-requirements-cache.json`. */
export interface ConfigRequirementsCachePayload extends PolicyCacheFacts {
  /** TOML. */
  readonly contents: string | null;
}
