import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport, type Transport } from "@codex-ts/client";
import { type Backend, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { CloudRequirements, type CloudRequirementsOptions } from "../../src/index.js";
import { testToken, WorkspaceLogin } from "./workspace-login.js";

/** A backend, somebody who is signed in to it, and a home folder. All end with the test. */
export interface Workspace {
  readonly backend: Backend;
  readonly transport: Transport;
  readonly home: string;
  readonly login: WorkspaceLogin;
  readonly cachePath: string;
  /** How long the pauses between attempts would have been, in milliseconds. */
  readonly pauses: readonly number[];
  /** Starts to load, and closes with the test. */
  start(options?: Partial<CloudRequirementsOptions>): CloudRequirements;
  /** The cache as it is, or nothing when there is none. */
  readCache(): Promise<CacheFile | undefined>;
}

/** A cache file, as far as tests look into it. */
interface CacheFile {
  readonly signed_payload: Readonly<Record<string, unknown>>;
  readonly signature: string;
}

/** The path of both styles of endpoint, for faults. */
export const bundlePath = "/config/bundle";

/** The fragments of the workspace of the tests. */
export const requirements = 'allowed_approval_policies = ["never"]\n';
export const config = 'model = "m1"\n';

/** Tokens that are good for no account in particular. */
export const tokens: readonly string[] = [testToken, "token-2", "token-3"];

export async function startWorkspace(): Promise<Workspace> {
  const backend = await startBackend({ bearerTokens: tokens });
  backend.managedConfig.setFragments({ config: [config], requirements: [requirements] });
  // Nothing of this machine's environment reaches the tests.
  const transport = createTransport({ env: {} });
  const home = await temporaryFolder();
  const login = new WorkspaceLogin();
  const cachePath = join(home, "cloud-config-bundle-cache.json");
  const pauses: number[] = [];
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
  });
  return {
    backend,
    transport,
    home,
    login,
    cachePath,
    pauses,
    start(options = {}) {
      const started = CloudRequirements.start({
        transport,
        baseUrl: backend.urls.chatgpt,
        auth: login,
        home,
        sleep: async (milliseconds) => void pauses.push(milliseconds),
        random: () => 0.5,
        ...options,
      });
      onTestFinished(() => started.close());
      return started;
    },
    readCache: () => readJson(cachePath),
  };
}

/** A folder of one test, removed when that is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-cloud-requirements-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function readJson(path: string): Promise<CacheFile | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as CacheFile);
}

/** Sends what is meant for ChatGPT to a backend of the test, over a real socket. */
export function asChatgpt(transport: Transport, backend: Backend): Transport {
  const here = (url: string): string => url.replace("https://chatgpt.com", backend.urls.origin);
  return {
    execute: (request, exchange) => transport.execute({ ...request, url: here(request.url) }, exchange),
    stream: (request, exchange) => transport.stream({ ...request, url: here(request.url) }, exchange),
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  };
}
