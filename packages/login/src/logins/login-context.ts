import { createTransport, type Transport } from "@codex-ts/client";
import { type LoginEnvironment, readLoginEnvironment } from "../environment.js";
import { resolveHome } from "../home.js";
import { type OAuthProfile, resolveOAuthProfile } from "../oauth/oauth-profile.js";
import { LoginPolicy, type LoginPolicyOptions } from "../policy/login-policy.js";
import type { AuthStorage } from "../storage/auth-storage.js";
import { type AuthStorageMode, createAuthStorage } from "../storage/create-auth-storage.js";
import { EphemeralStorage } from "../storage/ephemeral-storage.js";
import type { Keyring } from "../storage/keyring.js";
import { type LockOptions, MachineLock } from "../storage/machine-lock.js";
import { storeKey } from "../storage/store-key.js";

/** What every operation on a login needs to know. All of it has a default. */
export interface LoginOptions extends LoginPolicyOptions {
  /**
   * The folder of the login.
   *
   * @defaultValue `CODEX_HOME`, else `~/.codex-ts`
   */
  readonly home?: string | undefined;
  /** @defaultValue "file" */
  readonly storage?: AuthStorage | AuthStorageMode | undefined;
  /** Used by the storage modes `keyring` and `auto`. @defaultValue the operating system's */
  readonly keyring?: Keyring | undefined;
  /** Accepts an auth.json that every user of the machine may read. @defaultValue false */
  readonly allowWorldReadable?: boolean | undefined;
  /** Endpoints and client. @defaultValue "Sign in with ChatGPT", with the overrides of the environment */
  readonly profile?: OAuthProfile | undefined;
  /** Base URL of the ChatGPT backend, which tells where Agent Identities belong. @defaultValue production */
  readonly chatgptBaseUrl?: string | undefined;
  /** Environment variables, read once. @defaultValue {@link readLoginEnvironment} */
  readonly environment?: LoginEnvironment | undefined;
  /**
   * Sends token requests, which must not follow redirects: those carry tokens in their bodies.
   *
   * @defaultValue a transport of its own, with `maxRedirects: 0`
   */
  readonly transport?: Transport | undefined;
  /** How patient the lock is that processes share. */
  readonly lock?: LockOptions | undefined;
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
}

/** The same with everything filled in. */
export interface LoginContext {
  readonly home: string;
  readonly storage: AuthStorage;
  /** Tokens that a host handed in, for this home and this process. */
  readonly ephemeral: AuthStorage;
  readonly profile: OAuthProfile;
  readonly policy: LoginPolicy;
  readonly environment: LoginEnvironment;
  readonly chatgptBaseUrl: string | undefined;
  readonly transport: Transport;
  readonly lockOptions: LockOptions;
  readonly clock: () => number;
  /** Runs a function while no other process changes the stored login. */
  locked<T>(use: () => Promise<T>): Promise<T>;
  /** Closes the transport, if it is not the caller's. */
  close(): Promise<void>;
}

/**
 * Fills in the defaults.
 *
 * @throws {@link LoginError} of kind `configuration`; TypeError for an option that cannot be.
 */
export async function openLoginContext(options: LoginOptions): Promise<LoginContext> {
  const { environment = readLoginEnvironment(), clock = Date.now, lock: lockOptions = {} } = options;
  const policy = new LoginPolicy(options);
  const home = await resolveHome({ home: options.home, environment });
  const storage = toStorage(options, home);
  const transport = options.transport ?? createTransport({ maxRedirects: 0 });
  const close = async (): Promise<void> => {
    if (options.transport === undefined) await transport.close();
  };
  return {
    home,
    storage,
    ephemeral: new EphemeralStorage(storeKey(home)),
    profile: resolveOAuthProfile(options.profile, environment),
    policy,
    environment,
    chatgptBaseUrl: options.chatgptBaseUrl,
    transport,
    lockOptions,
    clock,
    locked: (use) => runLocked(storage, lockOptions, use),
    close,
  };
}

/** Runs one operation in a context of its own. */
export async function withLoginContext<T>(
  options: LoginOptions,
  use: (context: LoginContext) => Promise<T>,
): Promise<T> {
  const context = await openLoginContext(options);
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}

function toStorage(options: LoginOptions, home: string): AuthStorage {
  const { storage = "file", keyring, allowWorldReadable } = options;
  if (typeof storage !== "string") return storage;
  return createAuthStorage({ mode: storage, home, keyring, allowWorldReadable });
}

async function runLocked<T>(
  { lockFile }: AuthStorage,
  options: LockOptions,
  use: () => Promise<T>,
): Promise<T> {
  return lockFile === undefined ? await use() : await new MachineLock(lockFile, options).run(use);
}
