import { join } from "node:path";
import { replaceFile } from "@codex-ts/atomic-file";

const logins = ["a", "b"].map((letter) =>
  JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: letter.repeat(100_000) }, null, 2),
);

/** Writes two logins in turns into each of the home folders given, all at the same time, until it is killed. */
async function writeForever(home: string): Promise<never> {
  for (let round = 0; ; round += 1) {
    await replaceFile(join(home, "auth.json"), logins[round % 2] ?? "");
    if (round === 0) process.stdout.write("writing\n");
  }
}

for (const home of process.argv.slice(2)) void writeForever(home);
