import { inspect } from "node:util";
import { AuthError } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import type { CloudRequirementsTelemetry } from "../src/index.js";
import { bundlePath, startWorkspace } from "./support/start-workspace.js";
import { loginOf, type WorkspaceLogin } from "./support/workspace-login.js";

type Report = readonly [hook: string, report: Record<string, unknown>];

/** Writes down every report, but not how long a load took. */
function recorder(): { readonly reports: Report[]; readonly telemetry: CloudRequirementsTelemetry } {
  const reports: Report[] = [];
  const hook = (name: string) => (report: object) => {
    const { durationMs, ...rest } = report as Record<string, unknown>;
    if (name === "onLoad") expect(durationMs).toBeGreaterThan(0);
    reports.push([name, rest]);
  };
  const names = ["onCacheRead", "onCacheWriteFailure", "onFetchAttempt", "onFetchFinal", "onLoad"];
  return { reports, telemetry: Object.fromEntries(names.map((name) => [name, hook(name)])) };
}

const both = "enterprise_config,enterprise_requirements";

test("a first load tells of the cache, the attempts, the fetch and the load", async () => {
  const { backend, login, start } = await startWorkspace();
  backend.fault({ kind: "status", status: 503, path: bundlePath });
  backend.fault({ kind: "unauthorized", path: bundlePath });
  login.onRejection = () => true;
  const { reports, telemetry } = recorder();

  const cloud = start({ telemetry });
  await cloud.load();
  await cloud.refresh();

  const attempt = (trigger: string, number: number, outcome: string, status?: number): Report => [
    "onFetchAttempt",
    { trigger, attempt: number, outcome, status },
  ];
  const ends = (trigger: string, attemptCount: number): Report[] => [
    [
      "onFetchFinal",
      { trigger, outcome: "success", reason: "none", attemptCount, status: undefined, bundleShape: both },
    ],
    ["onLoad", { trigger, outcome: "success", bundleShape: both, error: undefined }],
  ];
  expect(reports).toEqual([
    ["onCacheRead", expect.objectContaining({ status: "CacheFileNotFound" })],
    attempt("startup", 1, "error", 503),
    attempt("startup", 2, "unauthorized", 401),
    attempt("startup", 2, "success"),
    ...ends("startup", 2),
    attempt("refresh", 1, "success"),
    ...ends("refresh", 1),
  ]);
});

test("a cache that is used, and a login under no policies, are mere loads", async () => {
  const { backend, login, start } = await startWorkspace();
  backend.managedConfig.setFragments({ requirements: ["enforce_residency = 'us'"] });
  await start().load();
  const { reports, telemetry } = recorder();

  await start({ telemetry }).load();
  login.snapshot = loginOf({ planType: "free" });
  await start({ telemetry }).load();

  expect(reports).toMatchObject([
    ["onCacheRead", { status: "Hit" }],
    ["onLoad", { trigger: "startup", outcome: "success", bundleShape: "enterprise_requirements" }],
    ["onLoad", { trigger: "startup", outcome: "success", bundleShape: "none" }],
  ]);
});

test.each([
  [{}, "empty", "none"],
  [{ config: [""] }, "enterprise_config", "enterprise_config"],
])("the shape of a fetched bundle: %j", async (fragments, fetched, loaded) => {
  const { backend, start } = await startWorkspace();
  backend.managedConfig.setFragments(fragments);
  const { reports, telemetry } = recorder();
  await start({ telemetry }).load();
  const shapes = reports.flatMap(([, report]) => report["bundleShape"] ?? []);
  expect(shapes).toEqual([fetched, loaded]);
});

const asIs = (): void => {};
const loseForGood = (login: WorkspaceLogin): void => {
  login.onRejection = () => {
    throw new AuthError("gone", { kind: "build" });
  };
};
const signOut = (login: WorkspaceLogin): void => {
  login.onRejection = () => {
    login.snapshot = undefined;
    return true;
  };
};

test.each([
  ["request_retry_exhausted", 5, 500, asIs],
  ["invalid_bundle", 1, undefined, asIs],
  ["auth_recovery_unavailable", 1, 401, asIs],
  ["auth_recovery_unrecoverable", 1, 401, loseForGood],
  ["auth_recovery_missing_auth", 1, undefined, signOut],
] as const)("why a fetch failed: %s", async (reason, attemptCount, status, prepare) => {
  const { backend, login, start } = await startWorkspace();
  prepare(login);
  if (reason === "invalid_bundle") backend.managedConfig.setFragments({ config: ["="] });
  else backend.fault({ kind: "status", status: status ?? 401, path: bundlePath, times: 9 });
  const { reports, telemetry } = recorder();

  const error = await start({ telemetry })
    .load()
    .catch((error: unknown) => error);

  const attempts = reports.filter(([hook]) => hook === "onFetchAttempt");
  expect(attempts).toHaveLength(backend.requests.length + (reason === "auth_recovery_missing_auth" ? 1 : 0));
  expect(reports.slice(-2)).toEqual([
    [
      "onFetchFinal",
      { trigger: "startup", outcome: "error", reason, attemptCount, status, bundleShape: "none" },
    ],
    ["onLoad", { trigger: "startup", outcome: "error", bundleShape: "none", error }],
  ]);
});

test("hooks that throw do no harm", async () => {
  const { start } = await startWorkspace();
  const fail = (): never => {
    throw new Error("hook");
  };
  const telemetry = { onCacheRead: fail, onFetchAttempt: fail, onFetchFinal: fail, onLoad: fail };
  expect((await start({ telemetry }).load()).origin).toBe("backend");
});

test("no token comes to light, whatever goes wrong", async () => {
  const secret = "access-token-secret";
  const seen: unknown[] = [];
  const faults = [
    { kind: "unauthorized", body: `{"error":{"message":"bad token ${secret}"}}` },
    { kind: "status", status: 500, body: secret },
    { kind: "status", status: 200, body: `{"config_toml": "${secret}"}` },
    {
      kind: "status",
      status: 200,
      body: `{"config_toml":{"enterprise_managed":[{"id":"a","name":"b","contents":"x = ${secret}"}]}}`,
    },
    { kind: "html", status: 403 },
    { kind: "reset" },
  ] as const;
  for (const fault of faults) {
    const { backend, login, start } = await startWorkspace();
    login.snapshot = loginOf({}, {}, secret);
    backend.fault({ ...fault, path: bundlePath, times: 9 });
    const { reports, telemetry } = recorder();
    seen.push(
      await start({ telemetry })
        .load()
        .catch((error: unknown) => error),
      reports,
    );
  }
  const { login, start } = await startWorkspace();
  login.onRead = () => {
    throw new TypeError(`cannot read ${secret}`);
  };
  seen.push(
    await start()
      .load()
      .catch((error: unknown) => error),
  );
  expect(seen.filter((value) => value instanceof Error)).toHaveLength(faults.length + 1);

  const print = (value: unknown): string =>
    inspect(value, { depth: 20 }) + JSON.stringify(value) + String(value) + messagesOf(value).join("\n");
  expect(print(seen)).toContain("CloudRequirementsError");
  expect(print(seen)).not.toContain(secret);
});

function messagesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(messagesOf);
  return value instanceof Error ? [value.message, value.stack ?? "", ...messagesOf(value.cause)] : [];
}
