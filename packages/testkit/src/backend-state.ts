import { AgentRegistry } from "./agent-registry.js";
import type { Answer } from "./answer.js";
import type { BackendOptions, TaskIdField } from "./backend-options.js";
import { AccountBackend } from "./codex/account-backend.js";
import { CloudBackend } from "./codex/cloud-backend.js";
import { ManagedConfig } from "./codex/managed-config.js";
import { ConnectorStore } from "./connectors/connector-store.js";
import type { CredentialRules } from "./credential-check.js";
import { FaultQueue } from "./fault.js";
import { FileStore } from "./file-store.js";
import { JwtIssuer } from "./jwt.js";
import { ModelCatalogue } from "./model-catalogue.js";
import { defaultModels } from "./models.js";
import { defaultRateLimitHeaders } from "./rate-limit-headers.js";
import { RemoteControlState } from "./remote-control/remote-control-state.js";
import { RequestLog } from "./request-log.js";
import type { WebSocketLog } from "./websocket-log.js";

/** Everything that routes share: settings with their defaults, and what changes while the backend runs. */
export class BackendState {
  readonly agents: AgentRegistry = new AgentRegistry();
  readonly jwtIssuer: JwtIssuer = new JwtIssuer();
  readonly faults: FaultQueue = new FaultQueue();
  readonly files: FileStore = new FileStore();
  readonly account: AccountBackend;
  readonly cloud: CloudBackend;
  readonly managedConfig: ManagedConfig = new ManagedConfig();
  readonly connectors: ConnectorStore = new ConnectorStore();
  readonly log: RequestLog = new RequestLog();
  readonly remoteControl: RemoteControlState = new RemoteControlState(() => this.now());
  readonly script: Answer[] = [];
  readonly credentialRules: CredentialRules;
  readonly requireAuth: boolean;
  readonly taskIdField: TaskIdField;
  readonly maxBodyBytes: number;
  readonly finalizeRetries: number;
  catalogue: ModelCatalogue;
  readonly defaultAnswer: Answer;
  readonly now: () => number;
  readonly webSocket: boolean;
  readonly webSocketCompression: boolean;
  readonly webSocketHeaders: Readonly<Record<string, string>>;
  readonly webSockets: WebSocketLog[] = [];
  readonly #rateLimitHeaders: Readonly<Record<string, string>> | undefined;

  constructor({
    apiKeys = ["sk-test"],
    bearerTokens = [{ token: "access-token-test", accountId: "account-test" }],
    requireAuth = true,
    sealTaskIds = false,
    taskIdField = sealTaskIds ? "encrypted_task_id" : "task_id",
    clock = Date.now,
    maxClockSkewMs = 300_000,
    maxBodyBytes = 128 * 1024 * 1024,
    finalizeRetries = 0,
    models = defaultModels(),
    rateLimitHeaders,
    answer = {},
    webSocket = true,
    webSocketCompression = true,
    webSocketHeaders = {},
  }: BackendOptions) {
    this.credentialRules = {
      apiKeys,
      bearerTokens: bearerTokens.map((token) => (typeof token === "string" ? { token } : token)),
      agents: this.agents,
      now: clock,
      maxClockSkewMs,
    };
    this.requireAuth = requireAuth;
    if (sealTaskIds && !taskIdField.startsWith("encrypted")) {
      throw new TypeError("with sealTaskIds, taskIdField must be an encrypted one");
    }
    this.taskIdField = taskIdField;
    this.maxBodyBytes = maxBodyBytes;
    this.finalizeRetries = finalizeRetries;
    this.catalogue = new ModelCatalogue(models);
    this.defaultAnswer = answer;
    this.now = clock;
    this.account = new AccountBackend(clock);
    this.cloud = new CloudBackend(clock);
    this.#rateLimitHeaders = rateLimitHeaders;
    this.webSocket = webSocket;
    this.webSocketCompression = webSocketCompression;
    this.webSocketHeaders = webSocketHeaders;
  }

  /** The answer to a model call, which uses up a part of the limits. */
  takeAnswer(): Answer {
    this.account.usage.use(this.account.usage.percentPerResponse);
    return this.script.shift() ?? this.defaultAnswer;
  }

  rateLimitHeaders(): Readonly<Record<string, string>> {
    return this.#rateLimitHeaders ?? defaultRateLimitHeaders(this.now());
  }
}
