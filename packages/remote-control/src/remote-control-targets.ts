import { RemoteControlError } from "./remote-control-error.js";

/** Where remote control goes to. */
export interface RemoteControlTargets {
  readonly websocket: string;
  readonly enroll: string;
  readonly refresh: string;
  readonly pair: string;
  readonly pairStatus: string;
  /** The clients of an environment. */
  clients(environmentId: string): string;
  /** One of these clients. */
  client(environmentId: string, clientId: string): string;
}

/**
 * Finds the endpoints of remote control below the base URL of ChatGPT. Credentials go there, so that only ChatGPT's
 * own hosts are allowed, over https, and this machine.
 *
 * @throws {@link RemoteControlError} of kind `invalid_input`, code `invalid_url`.
 */
export function toTargets(baseUrl: string): RemoteControlTargets {
  const base = parseBase(baseUrl);
  if (!isAllowed(base)) {
    throw invalidUrl(
      `invalid remote control URL \`${redact(base, baseUrl)}\`; expected HTTPS URL for chatgpt.com or chatgpt-staging.com, or HTTP/HTTPS URL for localhost`,
    );
  }
  const resolve = (path: string): string => new URL(`wham/remote/control/${path}`, base).href;
  const clients = (environmentId: string): string =>
    resolve(`environments/${toSegment(environmentId)}/clients`);
  return {
    websocket: resolve("server").replace(/^http/, "ws"),
    enroll: resolve("server/enroll"),
    refresh: resolve("server/refresh"),
    pair: resolve("server/pair"),
    pairStatus: resolve("server/pair/status"),
    clients,
    client: (environmentId, clientId) => `${clients(environmentId)}/${toSegment(clientId)}`,
  };
}

/** @throws {@link RemoteControlError} for an id that would be something else in a path, however it is encoded. */
function toSegment(id: string): string {
  if (id !== "." && id !== ".." && isWellFormed(id)) return encodeURIComponent(id);
  throw new RemoteControlError(`\`${JSON.stringify(id)}\` is no id`, { kind: "invalid_input" });
}

function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

function parseBase(baseUrl: string): URL {
  let base: URL;
  try {
    base = new URL(baseUrl);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidUrl(`invalid remote control URL \`${withoutUserInfo(baseUrl)}\`: ${reason}`);
  }
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}

function isAllowed({ protocol, hostname, username, password }: URL): boolean {
  // They would end up in every message, and nothing that is allowed needs them.
  if (username !== "" || password !== "") return false;
  if (isLoopback(hostname)) return protocol === "https:" || protocol === "http:";
  return (
    protocol === "https:" && chatgptHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
  );
}

const chatgptHosts = ["chatgpt.com", "chatgpt-staging.com"];

/** The parser of URLs has written all forms of 127.0.0.0/8 and of ::1 as these. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The URL as it was given, unless it holds what nobody should read. */
function redact({ username, password }: URL, given: string): string {
  return username === "" && password === "" ? given : withoutUserInfo(given);
}

function withoutUserInfo(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//[redacted]@");
}

function invalidUrl(message: string): RemoteControlError {
  return new RemoteControlError(message, { kind: "invalid_input", code: "invalid_url" });
}
