import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Backend, startBackend } from "../../src/index.js";

export const login = { authorization: "Bearer access-token-test", "chatgpt-account-id": "account-test" };
export const installation = { "x-codex-installation-id": "inst" };
export const facts = {
  name: "n",
  os: "linux",
  arch: "x86_64",
  app_server_version: "1.0.0",
  installation_id: "inst",
};

/** What an enrolment or a refresh is answered. */
export interface Enrolled {
  readonly server_id: string;
  readonly environment_id: string;
  readonly remote_control_token: string;
  readonly expires_at: string;
}

export async function openBackend(): Promise<Backend> {
  const bearerTokens = [
    { token: "access-token-test", accountId: "account-test" },
    { token: "access-token-other", accountId: "account-other" },
  ];
  const backend = await startBackend({ bearerTokens });
  onTestFinished(() => backend.close());
  return backend;
}

export async function call(
  backend: Backend,
  path: string,
  { method = "POST", headers = {}, json }: { method?: string; headers?: object; json?: object } = {},
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${backend.urls.chatgpt}/wham/remote/control/${path}`, {
    method,
    headers: { ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

export async function enroll(backend: Backend): Promise<Enrolled> {
  const { body } = await call(backend, "server/enroll", {
    headers: { ...login, ...installation },
    json: facts,
  });
  return body as Enrolled;
}

export function handshakeHeaders({ server_id, remote_control_token }: Enrolled): OutgoingHttpHeaders {
  return {
    authorization: `Bearer ${remote_control_token}`,
    "x-codex-server-id": server_id,
    "x-codex-protocol-version": "3",
    ...installation,
  };
}

/** A connection as a server makes it. */
export class TestSocket {
  readonly texts: string[] = [];
  readonly socket: WebSocket;
  #wake: (() => void) | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("message", (data: Buffer) => {
      this.texts.push(data.toString());
      this.#wake?.();
    });
    socket.on("close", () => this.#wake?.());
  }

  async next(): Promise<{ readonly [member: string]: unknown }> {
    while (this.texts.length === 0) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error("the connection has ended");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return JSON.parse(this.texts.shift() ?? "");
  }

  send(envelope: object): void {
    this.socket.send(JSON.stringify(envelope));
  }

  closed(): Promise<number> {
    return new Promise((resolve) => this.socket.once("close", resolve));
  }
}

/** Connects, or says with what it was refused. */
export function connect(
  backend: Backend,
  headers: OutgoingHttpHeaders,
): Promise<{ readonly socket: TestSocket } | { readonly status: number; readonly body: unknown }> {
  const url = `${backend.urls.chatgpt.replace("http", "ws")}/wham/remote/control/server`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    const wrapped = new TestSocket(socket);
    socket.once("open", () => resolve({ socket: wrapped }));
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    socket.once("error", reject);
  });
}

export async function connected(
  backend: Backend,
  enrolled: Enrolled,
  headers: OutgoingHttpHeaders = {},
): Promise<TestSocket> {
  const result = await connect(backend, { ...handshakeHeaders(enrolled), ...headers });
  if ("socket" in result) return result.socket;
  throw new Error(`it was refused with ${result.status}`);
}
