import { McpAppsError } from "../errors.js";

/** What is used of the official MCP SDK. */
export type McpSdk = typeof import("@modelcontextprotocol/sdk/client/index.js") &
  typeof import("@modelcontextprotocol/sdk/client/streamableHttp.js") &
  typeof import("@modelcontextprotocol/sdk/types.js");

/**
 * Loads the SDK. It is a peer: whoever brings an MCP client of his own does not need it.
 *
 * @throws {@link McpAppsError} of kind `sdk_missing`.
 */
export async function loadSdk(): Promise<McpSdk> {
  try {
    const [client, http, types] = await Promise.all([
      import("@modelcontextprotocol/sdk/client/index.js"),
      import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
      import("@modelcontextprotocol/sdk/types.js"),
    ]);
    return { ...client, ...http, ...types };
  } catch (cause) {
    throw new McpAppsError(
      "@modelcontextprotocol/sdk could not be loaded; install it with `npm install @modelcontextprotocol/sdk`",
      { kind: "sdk_missing", cause },
    );
  }
}
