import { createTransport } from "@codex-ts/client";
import { CloudRequirements } from "../../src/index.js";
import { WorkspaceLogin } from "../support/workspace-login.js";

/** Loads and then does nothing. The process ends only if neither the refresh nor a time limit keeps it. */
async function loadAndExit(baseUrl = "", home = ""): Promise<void> {
  const transport = createTransport({ env: {} });
  const cloud = CloudRequirements.start({ transport, baseUrl, home, auth: new WorkspaceLogin() });
  process.stdout.write((await cloud.load()).origin);
}

void loadAndExit(...process.argv.slice(2));
