import { once } from "node:events";
import { toAuthHeaders } from "@codex-ts/auth-provider";
import { AuthManager, createOAuthProfile } from "../../src/index.js";

/**
 * Opens the login of a home, says so, waits for its standard input, and prints the headers that it would send then,
 * or why it cannot. Arguments: the home folder, the issuer, milliseconds after which a dead lock is taken over.
 */
async function main([home = "", issuer = "", staleMs = ""]: readonly string[]): Promise<void> {
  const manager = await AuthManager.open({
    home,
    environment: {},
    profile: createOAuthProfile(issuer),
    lock: { staleMs: Number(staleMs) },
  });
  process.stdout.write("ready\n");
  await once(process.stdin, "data");
  try {
    const snapshot = await manager.current();
    if (snapshot === undefined) throw new Error("nobody is signed in");
    process.stdout.write(`${toAuthHeaders(snapshot.provider).get("authorization")}\n`);
  } catch (error) {
    process.stdout.write(`${error}\n`);
  }
  await manager.close();
}

void main(process.argv.slice(2)).then(() => process.exit());
