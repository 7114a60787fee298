import { MachineLock } from "../../src/storage/machine-lock.js";

/** Takes the lock of a file, says so, and holds it until it is killed. Argument: the file. */
async function main(file: string): Promise<void> {
  await new MachineLock(file).acquire();
  process.stdout.write("held\n");
  setInterval(() => {}, 1000);
}

void main(process.argv[2] ?? "");
