import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { AgentRecord } from "./agent-record.js";
import type { Answer } from "./answer.js";
import type { BackendOptions } from "./backend-options.js";
import { BackendState } from "./backend-state.js";
import type { AccountBackend } from "./codex/account-backend.js";
import type { CloudBackend } from "./codex/cloud-backend.js";
import type { ManagedConfig } from "./codex/managed-config.js";
import type { ConnectorStore } from "./connectors/connector-store.js";
import { type ExchangeContext, startExchange } from "./exchange.js";
import type { Fault } from "./fault.js";
import type { StoredFile } from "./file-store.js";
import type { AgentIdentityClaims, JsonWebKeySet, JwtHeader } from "./jwt.js";
import { type CatalogueTags, ModelCatalogue } from "./model-catalogue.js";
import type { ReceivedRequest } from "./received-request.js";
import type { RecordedRequest } from "./recorded-request.js";
import type { RemoteControlBackend } from "./remote-control/remote-control-state.js";
import type { WaitOptions } from "./request-log.js";
import type { WebSocketLog } from "./websocket-log.js";
import { Upgrader } from "./websocket-upgrade.js";

/** Where a backend is to be found. None ends in a slash. */
export interface BackendUrls {
  readonly origin: string;
  /** Base URL for API keys: `<origin>/v1`. */
  readonly openai: string;
  /** Base URL of model calls with a ChatGPT login or an agent identity: `<origin>/backend-api/codex`. */
  readonly codex: string;
  /** Base URL of everything else of ChatGPT: `<origin>/backend-api`. */
  readonly chatgpt: string;
  /** Base URL of agent and task registration: `<origin>/api/accounts`. */
  readonly authApi: string;
}

/** A running backend. */
export interface Backend extends AsyncDisposable {
  readonly urls: BackendUrls;
  /** Everything received so far, oldest first: live, and with credentials in clear. */
  readonly requests: readonly ReceivedRequest[];
  /** All WebSockets so far, oldest first, with their messages: live, and with credentials in clear. */
  readonly webSockets: readonly WebSocketLog[];
  /** Every file that was announced, oldest first: live, and with its content. */
  readonly files: readonly StoredFile[];
  /** Servers that have enrolled for remote control, and their clients. */
  readonly remoteControl: RemoteControlBackend;
  /** What is known of the account that is logged in: usage, accounts, messages, settings. */
  readonly account: AccountBackend;
  /** Tasks in the cloud and their environments. */
  readonly cloud: CloudBackend;
  /** What a workspace prescribes. */
  readonly managedConfig: ManagedConfig;
  /** The connectors directory and the settings of workspaces. */
  readonly connectors: ConnectorStore;
  /** How many connections are open. */
  readonly openSockets: number;
  /** The keys that {@link Backend.mintJwt} signs with, as published. */
  readonly jwks: JsonWebKeySet;

  /** Queues answers for `/responses`; each accepted request takes one, over HTTP and over a WebSocket alike. */
  script(...answers: readonly Answer[]): void;
  /**
   * Queues something to go wrong with the next requests to a path: requests over HTTP, upgrades, and messages of a
   * WebSocket, whatever the fault can happen to. With {@link BackendOptions.webSocket} off, upgrades do not count.
   *
   * @throws TypeError for a count that cannot be.
   */
  fault(fault: Fault): void;
  /** Changes what `/models` lists. Model calls tell of it by `x-models-etag` from then on. */
  setModels(models: readonly object[], tags?: CatalogueTags): void;
  /** Makes an agent that the backend knows, with key and task; `task_id: null` leaves the task to be registered. */
  registerAgent(overrides?: Partial<AgentRecord>): AgentRecord;
  /** From now on answers 401 `invalid_task_id` for all tasks issued so far. */
  forgetTasks(): void;
  /**
   * Makes an Agent Identity JWT: for the agent that `registerAgent` made with the id of the claim
   * `agent_runtime_id`, else for a new one, which the backend then knows too.
   *
   * @param claims - In place of the usual ones; `undefined` leaves a claim out.
   * @param header - In place of the usual members; an `alg` other than RS256, RS384 or RS512 gives a signature
   *   that is none.
   */
  mintJwt(claims?: AgentIdentityClaims, header?: JwtHeader): string;
  /**
   * Waits until so many requests have arrived, in all.
   *
   * @returns The requests counted.
   * @throws The signal's reason, or an Error when the backend is closed.
   */
  waitForRequests(count: number, options?: WaitOptions): Promise<readonly ReceivedRequest[]>;
  /**
   * Empties the log, the script and the queue of faults, and forgets all files. Agents and their tasks stay. Account,
   * cloud, managed configuration and connectors are as in the beginning.
   */
  reset(): void;
  /** Ends all connections at once, also those in the middle of an answer, and stops to listen. */
  close(): Promise<void>;
}

/**
 * Starts a backend, by default on the loopback interface.
 *
 * @throws The system's error when it cannot listen there; TypeError for options that contradict each other.
 */
export async function startBackend(options: BackendOptions = {}): Promise<Backend> {
  const { host = "127.0.0.1", port = 0 } = options;
  const backend = new LocalBackend(options);
  await backend.listen(host, port);
  return backend;
}

class LocalBackend implements Backend {
  readonly #state: BackendState;
  readonly #server: Server;
  readonly #onExchange: BackendOptions["onExchange"];
  readonly #socketIds = new Map<Socket, number>();
  readonly #underWay = new Set<RecordedRequest>();
  #socketCount = 0;
  #urls: BackendUrls | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: BackendOptions) {
    this.#state = new BackendState(options);
    this.#onExchange = options.onExchange;
    // An idle connection stays open: what a client sees must not depend on how long a test takes.
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 });
    this.#server.on("connection", (socket: Socket) => this.#track(socket));
    this.#server.on("request", (incoming, response) => {
      this.#watch(startExchange(incoming, response, this.#contextOf(incoming)));
    });
    // Without a listener Node gives upgrades to the one above.
    if (this.#state.webSocket) {
      const upgrader = new Upgrader(this.#state);
      this.#server.on("upgrade", (incoming, socket, head) => {
        upgrader.upgrade(incoming, socket, head, this.#contextOf(incoming), (request) =>
          this.#watch(request),
        );
      });
    }
  }

  get urls(): BackendUrls {
    if (this.#urls === undefined) throw new Error("the backend does not listen yet");
    return this.#urls;
  }

  get requests(): readonly ReceivedRequest[] {
    return this.#state.log.requests;
  }

  get webSockets(): readonly WebSocketLog[] {
    return this.#state.webSockets;
  }

  get files(): readonly StoredFile[] {
    return this.#state.files.files;
  }

  get remoteControl(): RemoteControlBackend {
    return this.#state.remoteControl;
  }

  get account(): AccountBackend {
    return this.#state.account;
  }

  get cloud(): CloudBackend {
    return this.#state.cloud;
  }

  get managedConfig(): ManagedConfig {
    return this.#state.managedConfig;
  }

  get connectors(): ConnectorStore {
    return this.#state.connectors;
  }

  get openSockets(): number {
    return this.#socketIds.size;
  }

  get jwks(): JsonWebKeySet {
    return this.#state.jwtIssuer.jwks;
  }

  script(...answers: readonly Answer[]): void {
    this.#state.script.push(...answers);
  }

  fault(fault: Fault): void {
    this.#state.faults.add(fault);
  }

  setModels(models: readonly object[], tags?: CatalogueTags): void {
    this.#state.catalogue = new ModelCatalogue(models, tags);
  }

  registerAgent(overrides?: Partial<AgentRecord>): AgentRecord {
    return this.#state.agents.create(overrides);
  }

  forgetTasks(): void {
    this.#state.agents.forgetTasks();
  }

  mintJwt(claims: AgentIdentityClaims = {}, header: JwtHeader = {}): string {
    const { agents, jwtIssuer, now } = this.#state;
    const named = claims["agent_runtime_id"];
    const agent =
      typeof named === "string"
        ? (agents.recordOf(named) ?? agents.create({ agent_runtime_id: named, task_id: null }))
        : agents.create({ task_id: null });
    return jwtIssuer.mint(agent, claims, header, now());
  }

  waitForRequests(count: number, options: WaitOptions = {}): Promise<readonly ReceivedRequest[]> {
    return this.#state.log.waitFor(count, options);
  }

  reset(): void {
    this.#state.log.clear();
    this.#state.faults.clear();
    this.#state.script.length = 0;
    this.#state.files.files.length = 0;
    this.#state.webSockets.length = 0;
    this.#state.account.reset();
    this.#state.cloud.reset();
    this.#state.managedConfig.reset();
    this.#state.connectors.reset();
  }

  close(): Promise<void> {
    this.#closing ??= this.#endAll();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #endAll(): Promise<void> {
    for (const request of this.#underWay) request.isCut = true;
    this.#state.log.close();
    const sockets = [...this.#socketIds.keys()];
    const closed = [this.#server, ...sockets].map((emitter) => once(emitter, "close"));
    this.#server.close();
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** @internal */
  async listen(host: string, port: number): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    const { address, family, port: actualPort } = this.#server.address() as AddressInfo;
    const origin = `http://${family === "IPv6" ? `[${address}]` : address}:${actualPort}`;
    this.#urls = {
      origin,
      openai: `${origin}/v1`,
      codex: `${origin}/backend-api/codex`,
      chatgpt: `${origin}/backend-api`,
      authApi: `${origin}/api/accounts`,
    };
  }

  #contextOf({ socket }: IncomingMessage): ExchangeContext {
    return {
      state: this.#state,
      origin: this.urls.origin,
      socketId: this.#socketIds.get(socket) ?? 0,
    };
  }

  #watch(request: RecordedRequest): void {
    this.#underWay.add(request);
    void request.outcome.then((outcome) => {
      this.#underWay.delete(request);
      this.#onExchange?.(request, outcome);
    });
  }

  #track(socket: Socket): void {
    this.#socketCount += 1;
    this.#socketIds.set(socket, this.#socketCount);
    socket.once("close", () => this.#socketIds.delete(socket));
  }
}
