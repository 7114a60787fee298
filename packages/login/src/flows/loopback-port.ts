import { once } from "node:events";
import { get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LoginError } from "../login-error.js";
import { hasCode } from "../system-error.js";
import type { Pause } from "./pause.js";

/** The only address that is listened on. */
const loopbackAddress = "127.0.0.1";

const triesPerPort = 10;
const pauseMs = 200;
const cancelTimeoutMs = 2000;

/** Which ports to try, and how. */
export interface LoopbackPortOptions {
  /** In order of preference. 0: any free one. */
  readonly ports: readonly number[];
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/**
 * Makes a server listen on the loopback interface. Whoever holds the first port is asked to give it up, as an earlier
 * sign-in will do; after two seconds the next port is tried.
 *
 * @returns The port.
 * @throws {@link LoginError} of kind `callback_port`; the pause's error when `signal` fires.
 */
export async function listenOnLoopback(
  server: Server,
  { ports, pause, signal }: LoopbackPortOptions,
): Promise<number> {
  let refusal: LoginError | undefined;
  for (const [rank, port] of ports.entries()) {
    for (let tries = 1; tries <= triesPerPort; tries += 1) {
      signal.throwIfAborted();
      const failure = await tryToListen(server, port);
      if (failure === undefined) return (server.address() as AddressInfo).port;
      refusal ??= toLoginError(port, failure);
      if (hasCode(failure, "EACCES")) break;
      if (!hasCode(failure, "EADDRINUSE")) throw toLoginError(port, failure);
      if (rank === 0 && tries === 1) await askToGiveUp(port, signal);
      if (tries < triesPerPort) await pause(pauseMs, signal);
    }
  }
  throw refusal ?? new TypeError("`redirectPorts` of the profile must name a port");
}

async function tryToListen(server: Server, port: number): Promise<Error | undefined> {
  server.listen({ port, host: loopbackAddress, exclusive: true });
  try {
    await once(server, "listening");
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Best effort: whether it helped shows when the port is tried again. */
async function askToGiveUp(port: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const request = get({
      host: loopbackAddress,
      port,
      path: "/cancel",
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(cancelTimeoutMs)]),
    });
    request.once("response", (response) => response.resume());
    request.on("error", () => {});
    request.once("close", resolve);
  });
}

function toLoginError(port: number, cause: Error): LoginError {
  const address = `${loopbackAddress}:${port}`;
  const what = hasCode(cause, "EADDRINUSE")
    ? `Port ${address} is already in use`
    : `Port ${address} cannot be listened on`;
  return new LoginError(`${what}; free it, choose another port, or sign in with a device code`, {
    kind: "callback_port",
    cause,
  });
}
