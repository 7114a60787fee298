// Runs in a process of its own: lists the modules of undici that importing and creating load, and a request.
import { createRequire } from "node:module";
import { createTransport } from "../../src/index.js";

const require = createRequire(import.meta.url);
const undiciModules = () =>
  Object.keys(require.cache).filter((path) => /node_modules\/undici\//.test(path)).length;

const transport = createTransport();
const atFirst = undiciModules();
await transport.execute({ method: "GET", url: "http://127.0.0.1:1/" }).catch(() => {});
process.stdout.write(JSON.stringify({ atFirst, usesUndici: undiciModules() > 0 }));
