import { createTransport } from "@codex-ts/client";
import { CloudRequirements } from "../../src/index.js";
import { WorkspaceLogin } from "../support/workspace-login.js";

// Loads and then does nothing. The process ends only if neither the refresh nor a time limit keeps it.
const [baseUrl = "", home = ""] = process.argv.slice(2);
const transport = createTransport({ env: {} });
const cloud = CloudRequirements.start({ transport, baseUrl, home, auth: new WorkspaceLogin() });
const { origin } = await cloud.load();
process.stdout.write(origin);
