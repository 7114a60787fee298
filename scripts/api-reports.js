// Writes the public signatures of each package to packages/<name>/api/*.api.md. With --check it changes nothing
// and fails when a committed report differs from the built declarations.
import { existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { publicPackages, root } from "./workspace.js";

const check = process.argv.includes("--check");
let failed = false;

for (const { directory, manifest } of publicPackages()) {
  const entries = Object.entries(manifest.exports).filter(([, target]) => target.types !== undefined);
  for (const [subpath, target] of entries) {
    const name = basename(directory) + subpath.slice(1).replaceAll("/", "-");
    const report = join(directory, "api", `${name}.api.md`);
    const before = existsSync(report);
    mkdirSync(join(directory, "api"), { recursive: true });
    const result = Extractor.invoke(configuration(directory, join(directory, target.types), name), {
      localBuild: !check,
      messageCallback(message) {
        message.handled = true;
        if (message.logLevel === ExtractorLogLevel.Error) console.error(`${name}: ${message.text}`);
      },
    });
    if (result.errorCount > 0) failed = true;
    if (check && (!before || result.apiReportChanged)) {
      failed = true;
      console.error(
        `${name}: the public signatures changed; run \`pnpm build && pnpm api\` and commit the report`,
      );
    }
  }
}
process.exitCode = failed ? 1 : 0;

function configuration(directory, declarations, name) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: declarations,
      newlineKind: "lf",
      compiler: {
        // Without the source condition, so that siblings are read from their built declarations.
        overrideTsconfig: {
          compilerOptions: {
            target: "ES2022",
            lib: ["ES2023"],
            module: "NodeNext",
            moduleResolution: "NodeNext",
            types: ["node"],
            strict: true,
            skipLibCheck: true,
          },
          files: [declarations],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(directory, "api"),
        reportTempFolder: join(root, "temp", "api"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: "error" } },
        extractorMessageReporting: {
          default: { logLevel: "none" },
          "ae-wrong-input-file-type": { logLevel: "error" },
        },
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, "package.json"),
  });
}
