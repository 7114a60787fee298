import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from "node:net";
import type { Duplex, DuplexOptions } from "node:stream";
import { connect as connectTls, createSecureContext } from "node:tls";
import type { Connected, ConnectionTarget, Connector } from "./connector.js";

/** Connects over TCP, or over TLS on a new or on a given socket. */
export type DirectConnector = (
  target: ConnectionTarget,
  connected: Connected,
  over?: Duplex,
) => ReturnType<Connector>;

const maxSessions = 100;
const keepAliveProbeMs = 60_000;
// What one read may take. Node's default of 16 KiB costs a turn of the event loop more often.
const readBytes = 64 * 1024;

/**
 * Creates a connector.
 *
 * @param certificates - PEM texts of all trusted roots; without them those of the runtime are trusted.
 * @throws When a certificate cannot be read.
 */
export function createDirectConnector(certificates: readonly string[] | undefined): DirectConnector {
  // Reading a whole root store costs milliseconds, so it is done once and not for each connection.
  const secureContext =
    certificates === undefined ? undefined : createSecureContext({ ca: [...certificates] });
  const sessions = new Map<string, Buffer>();

  return (target, connected, over) => {
    const isTls = target.protocol === "https:";
    const socket = isTls ? openTls(target, over) : openTcp(target);
    if (over === undefined) socket.setNoDelay(true).setKeepAlive(true, keepAliveProbeMs);
    report(socket, isTls ? "secureConnect" : "connect", connected);
    return (reason) => {
      socket.destroy(reason);
    };
  };

  function openTls(target: ConnectionTarget, over: Duplex | undefined): Socket {
    const name = target.hostname;
    const session = sessions.get(name);
    const socket = connectTls({
      ...address(target),
      ...(over === undefined ? {} : { socket: over }),
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(session === undefined ? {} : { session }),
      ...(secureContext === undefined ? {} : { secureContext }),
      ALPNProtocols: ["http/1.1"],
    });
    return socket.on("session", (fresh: Buffer) => remember(name, fresh));
  }

  function remember(name: string, session: Buffer): void {
    sessions.delete(name);
    sessions.set(name, session);
    const [oldest] = sessions.keys();
    if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
  }
}

function openTcp(target: ConnectionTarget): Socket {
  // The types of Node 20 do not know `highWaterMark`, which reaches the stream.
  const options: TcpNetConnectOpts & DuplexOptions = { ...address(target), highWaterMark: readBytes };
  return connectTcp(options);
}

function address({ hostname, port, protocol }: ConnectionTarget): { host: string; port: number } {
  return { host: hostname, port: port === "" ? defaultPort(protocol) : Number(port) };
}

/** The port of a URL that names none. */
export function defaultPort(protocol: string): number {
  return protocol === "https:" ? 443 : 80;
}

/** Reports the first of the two events. Errors later on are for the listeners that undici adds when it is told. */
function report(socket: Socket, connectedEvent: "connect" | "secureConnect", connected: Connected): void {
  const onConnected = () => {
    socket.off("error", onError);
    connected(null, socket);
  };
  const onError = (error: Error) => {
    socket.off(connectedEvent, onConnected).on("error", ignore);
    connected(error, null);
  };
  socket.once(connectedEvent, onConnected).once("error", onError);
}

/** A socket that failed may say so twice, and an error event without a listener ends the process. */
function ignore(): void {}
