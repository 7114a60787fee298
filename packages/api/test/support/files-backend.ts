import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TransportOptions } from "@codex-ts/client";
import type { Backend, BackendOptions } from "@codex-ts/testkit";
import { onTestFinished } from "vitest";
import { FilesClient, type FilesClientOptions } from "../../src/index.js";
import { ChatgptLogin } from "./chatgpt-login.js";
import { startEndpointBackend } from "./endpoint-backend.js";

/** A backend, a client that uploads to it, and the login of that client. */
export interface FilesBackend {
  readonly backend: Backend;
  readonly client: FilesClient;
  readonly login: ChatgptLogin;
}

/** Starts a backend that ends with the test. The client asks again every 5 ms. */
export async function startFilesBackend(
  clientOptions: Partial<FilesClientOptions> = {},
  backendOptions?: BackendOptions,
  transportOptions?: TransportOptions,
): Promise<FilesBackend> {
  const { backend, transport } = await startEndpointBackend(backendOptions, transportOptions);
  const login = new ChatgptLogin();
  const client = new FilesClient({
    transport,
    provider: { name: "test", baseUrl: backend.urls.chatgpt },
    auth: login,
    finalizeIntervalMs: 5,
    ...clientOptions,
  });
  return { backend, client, login };
}

/** Writes a file that is gone after the test. */
export async function temporaryFile(name: string, content: string | Uint8Array): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Makes a folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-ts-files-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** What was asked of the backend, in order. */
export function askedOf({ requests }: Backend): readonly string[] {
  return requests.map(({ method, path }) => `${method} ${path.replace(/file_[0-9a-f]+/, "<id>")}`);
}
