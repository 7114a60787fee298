import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));

test.each(["SIGINT", "SIGTERM"] as const)(
  "ends cleanly on %s, also with a connection open",
  async (signal) => {
    const child = spawn(process.execPath, ["--import", "tsx", bin, "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const { urls } = JSON.parse(line.toString()) as { urls: { chatgpt: string } };
      await fetch(`${urls.chatgpt}/plugins`);
      const exit = once(child, "exit");
      child.kill(signal);
      expect(await exit).toEqual([0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  },
);
