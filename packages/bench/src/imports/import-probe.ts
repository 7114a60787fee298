import { spawnSync } from "node:child_process";

/** Imports a module in a fresh process of plain Node and returns the milliseconds that took. */
export function importTime(specifier: string, folder: string): number {
  return probe<number>(
    folder,
    `const startedAt = performance.now();
     await import(${JSON.stringify(specifier)});
     report(performance.now() - startedAt);`,
  );
}

/** Names the packages whose code is loaded by importing a module. Not timed: watching costs time. */
export function loadedPackages(specifier: string, folder: string): string[] {
  const urls = probe<string[]>(
    folder,
    `import { registerHooks } from "node:module";
     const urls = [];
     registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
     await import(${JSON.stringify(specifier)});
     report(urls);`,
  );
  const names = urls.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

function probe<Result>(folder: string, code: string): Result {
  const report = `const report = (result) => process.stdout.write(JSON.stringify(result));`;
  const { NODE_OPTIONS: _options, NODE_COMPILE_CACHE: _cache, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", `${report}\n${code}`],
    { cwd: folder, encoding: "utf8", env },
  );
  if (status !== 0) throw new Error(`a probe ended with ${status}\n${stderr}`);
  return JSON.parse(stdout) as Result;
}
