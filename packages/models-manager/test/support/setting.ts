import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport, type Transport } from "@codex-ts/client";
import type { ModelInfo } from "@codex-ts/protocol";
import { type Backend, type BackendOptions, modelInfo, startBackend } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import {
  createModelsManager,
  type ModelPreset,
  type ModelsManager,
  type ModelsManagerOptions,
} from "../../src/index.js";
import { Login } from "./login.js";

/** A backend, a login at it, a folder, a clock, and what was told of failures. */
export interface Setting {
  readonly backend: Backend;
  readonly transport: Transport;
  readonly login: Login;
  readonly cacheFolder: string;
  readonly clock: { nowMs: number };
  readonly failures: unknown[];
  readonly cacheFailures: unknown[];
  /** Another manager of the same things: as in another process, when it shares no memory. */
  open(options?: Partial<ModelsManagerOptions>): ModelsManager;
  /** How often the list was asked for. */
  fetches(): number;
  cacheFiles(): Promise<string[]>;
}

/** One known model, so that it is seen whether it stays. */
export const known: ModelInfo = model("known", { priority: 5 });

export function model(slug: string, overrides: object = {}): ModelInfo {
  return modelInfo(slug, overrides) as ModelInfo;
}

export async function settingOfTest(backendOptions: BackendOptions = {}): Promise<Setting> {
  const backend = await startBackend({ models: [model("live")], ...backendOptions });
  const transport = createTransport({ identity: false });
  const cacheFolder = join(await mkdtemp(join(tmpdir(), "codex-models-")), "cache");
  onTestFinished(async () => {
    await transport.close();
    await backend.close();
    await rm(join(cacheFolder, ".."), { recursive: true, force: true });
  });
  const login = new Login();
  const clock = { nowMs: Date.parse("2026-06-24T12:00:00Z") };
  const failures: unknown[] = [];
  const cacheFailures: unknown[] = [];
  return {
    backend,
    transport,
    login,
    cacheFolder,
    clock,
    failures,
    cacheFailures,
    open(options = {}) {
      const manager = createModelsManager({
        transport,
        provider: { name: "OpenAI", baseUrl: backend.urls.codex, retry: noRetries },
        auth: login,
        clientVersion: "1.2.3",
        bundled: [known],
        cacheFolder,
        clock: () => clock.nowMs,
        telemetry: {
          onRefreshFailure: (error) => failures.push(error),
          onCacheFailure: (error) => cacheFailures.push(error),
        },
        ...options,
      });
      onTestFinished(() => manager.close());
      return manager;
    },
    fetches: () => backend.requests.filter(({ path }) => path.endsWith("/models")).length,
    cacheFiles: async () => await readdir(cacheFolder).catch(() => []),
  };
}

export const noRetries = { maxAttempts: 0, baseDelayMs: 1, on429: false, on5xx: false, onTransport: false };

export function slugs(presets: readonly ModelPreset[]): string[] {
  return presets.map(({ model: { slug } }) => slug);
}
