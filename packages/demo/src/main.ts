import { parseDemoArguments, usage } from "./arguments.js";
import { runLocalTurn } from "./local-turn.js";
import { runRemoteTurn } from "./remote-turn.js";

try {
  const demo = parseDemoArguments(process.argv.slice(2), process.env);
  const write = (text: string): void => void process.stdout.write(text);
  if (demo.help) write(`${usage}\n`);
  else if (demo.remote === undefined) await runLocalTurn(demo, write);
  else await runRemoteTurn(demo, demo.remote, write);
} catch (error) {
  const isMistake = error instanceof TypeError;
  console.error(error instanceof Error ? error.message : error);
  if (isMistake) console.error(`\n${usage}`);
  process.exitCode = isMistake ? 2 : 1;
}
