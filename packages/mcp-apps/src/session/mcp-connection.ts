import { isTransportError } from "@codex-ts/client";
import type { McpCallResult, McpServerInfo, McpTool, McpToolsPage } from "@codex-ts/protocol";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { isMcpAppsError, McpAppsError } from "../errors.js";
import type { AppsHttp } from "../http/apps-http.js";
import { rpcFailure, toHttpFailure } from "../http/failure.js";
import type { JsonObject } from "../json-object.js";
import { limited } from "../limited.js";
import type { CodexAppsServer } from "../server.js";
import { loadSdk, type McpSdk } from "./sdk.js";

type Schemas = typeof import("@codex-ts/protocol/schemas");

/** What a connection is made from. */
export interface McpConnectionOptions {
  readonly http: AppsHttp;
  readonly server: CodexAppsServer;
  readonly onToolsChanged?: (() => void) | undefined;
}

/** An initialized session with the server. */
export class McpConnection {
  readonly #sdk: McpSdk;
  readonly #client: Client;
  readonly #transport: StreamableHTTPClientTransport;
  readonly #http: AppsHttp;
  #isClosed = false;
  #isRetired = false;
  #underWay = 0;

  private constructor(
    sdk: McpSdk,
    client: Client,
    transport: StreamableHTTPClientTransport,
    { http }: McpConnectionOptions,
  ) {
    this.#sdk = sdk;
    this.#client = client;
    this.#transport = transport;
    this.#http = http;
  }

  /**
   * Initializes a session.
   *
   * @param signal - Ends the attempt. What it leaves behind is closed.
   */
  static async open(options: McpConnectionOptions, signal: AbortSignal): Promise<McpConnection> {
    const { http, server, onToolsChanged } = options;
    const sdk = await loadSdk();
    const transport = new sdk.StreamableHTTPClientTransport(new URL(server.url), {
      fetch: http.fetch,
      // Streams are taken up again below, where failures have a type and timers an end.
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 0,
        maxReconnectionDelay: 0,
        reconnectionDelayGrowFactor: 1,
      },
    });
    const send = transport.send.bind(transport);
    transport.send = (message, sendOptions) =>
      send(Array.isArray(message) ? message : atKnownVersion(message), sendOptions);
    const client = new sdk.Client({
      name: "codex-mcp-client",
      title: "Codex",
      version: server.clientVersion,
    });
    if (onToolsChanged !== undefined)
      client.setNotificationHandler(sdk.ToolListChangedNotificationSchema, onToolsChanged);
    const connection = new McpConnection(sdk, client, transport, options);
    // The SDK heeds the signal for one of the two messages of the handshake only.
    const onAbort = (): void => void connection.close();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      // The types of the SDK do not distinguish between missing and undefined members.
      await client.connect(transport as Parameters<Client["connect"]>[0], { signal, timeout: noTimeoutMs });
      signal.throwIfAborted();
      return connection;
    } catch (error) {
      const failure = connection.#toFailure(error);
      await connection.close();
      throw failure;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Whether it is over. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** What the server wants to have said about its tools. */
  get instructions(): string | undefined {
    return this.#client.getInstructions();
  }

  /** What the server says of itself. */
  async serverInfo(): Promise<McpServerInfo | undefined> {
    const { mcpServerInfoSchema } = await import("@codex-ts/protocol/schemas");
    return mcpServerInfoSchema.safeParse(this.#client.getServerVersion()).data;
  }

  /** Lists all tools, of all pages. */
  async listTools(signal: AbortSignal): Promise<readonly McpTool[]> {
    const tools: McpTool[] = [];
    const cursors = new Set<string>();
    let page = await this.#listPage({}, signal);
    for (;;) {
      tools.push(...page.tools);
      const { nextCursor: cursor } = page;
      if (cursor === null || cursor === "") return tools;
      if (cursors.has(cursor))
        throw new McpAppsError("Codex Apps lists its tools in a circle", { kind: "invalid_answer" });
      cursors.add(cursor);
      page = await this.#listPage({ cursor }, signal);
    }
  }

  /** Calls a tool by the name that the server gives it. */
  callTool(params: JsonObject, signal: AbortSignal): Promise<McpCallResult> {
    return this.#request("tools/call", params, signal, (schemas) => schemas.mcpCallResultSchema);
  }

  /** Tells the server that the session is over. Never rejects: it may be over already. */
  async terminate(timeoutMs: number): Promise<void> {
    const limits = { timeoutMs, timeoutMessage: "the session could not be ended in time" };
    await limited(limits, () => this.#transport.terminateSession()).catch(() => {});
  }

  /** Closes as soon as nothing is under way: others may still be answered, or learn themselves that it is over. */
  retire(): void {
    this.#isRetired = true;
    if (this.#underWay === 0) void this.close();
  }

  /** Ends all that is under way at once, without a word to the server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client.close();
  }

  #listPage(params: JsonObject, signal: AbortSignal): Promise<McpToolsPage> {
    return this.#request("tools/list", params, signal, (schemas) => schemas.mcpToolsPageSchema);
  }

  async #request<Value>(
    method: string,
    params: JsonObject,
    signal: AbortSignal,
    choose: (schemas: Schemas) => {
      safeParse(value: unknown): {
        readonly data?: Value | undefined;
        readonly error?: { readonly issues: readonly Issue[] } | undefined;
      };
    },
  ): Promise<Value> {
    let result: unknown;
    this.#underWay += 1;
    try {
      const options = { signal, timeout: noTimeoutMs };
      // Not by the SDK's own schemas, which drop members that they do not know and refuse whole lists for one tool.
      result = await this.#client.request({ method, params }, this.#sdk.ResultSchema, options);
    } catch (error) {
      throw this.#toFailure(error);
    } finally {
      this.#underWay -= 1;
      if (this.#isRetired) this.retire();
    }
    const { data, error } = choose(await import("@codex-ts/protocol/schemas")).safeParse(result);
    if (data !== undefined) return data;
    const [issue] = error?.issues ?? [];
    throw new McpAppsError(
      `Codex Apps answered ${method} with something else: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
      { kind: "invalid_answer" },
    );
  }

  #toFailure(error: unknown): McpAppsError {
    if (isMcpAppsError(error)) return error;
    if (isTransportError(error)) return toHttpFailure(error);
    if (!(error instanceof this.#sdk.McpError))
      // Whatever it is may quote the answer.
      return new McpAppsError("Codex Apps answered with something that is no message of MCP", {
        kind: "invalid_answer",
      });
    const failure = this.#http.failureOf(error.data);
    if (failure !== undefined) return failure;
    if (this.#isClosed)
      return new McpAppsError("the connection to Codex Apps was closed", { kind: "closed" });
    const { code, message } = error;
    const text = message.replace(/^MCP error -?\d+: /, "");
    return rpcFailure({ code, message: text }, this.#http.secrets);
  }
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The limits are ours. The SDK has one that cannot be turned off. */
const noTimeoutMs = 2 ** 31 - 1;

/** The version that the backend is known to speak; the SDK asks for the latest that it knows itself. */
const protocolVersion = "2025-06-18";

function atKnownVersion(message: JSONRPCMessage): JSONRPCMessage {
  if (!("method" in message) || message.method !== "initialize") return message;
  return { ...message, params: { ...message.params, protocolVersion } };
}
