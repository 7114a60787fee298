import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The server of a bench, in a process of its own. */
export interface BenchServer {
  readonly origin: string;
  stop(): void;
}

/** Starts the server and waits until it listens. */
export async function startServer(): Promise<BenchServer> {
  const child = fork(fileURLToPath(new URL("main.ts", import.meta.url)), { stdio: "inherit" });
  const [{ origin }] = (await once(child, "message")) as [{ origin: string }];
  return { origin, stop: () => child.disconnect() };
}
