import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/**
 * Where a connection goes to, as undici says it. Not by `servername`, which undici takes from the header `host`: that
 * names the server, and the connection may go to its proxy.
 */
export type ConnectionTarget = Pick<buildConnector.Options, "hostname" | "port" | "protocol">;

/** Called once, with the connected socket or with what prevented it. */
export type Connected = (...outcome: [error: Error, socket: null] | [error: null, socket: Socket]) => void;

/** Gives up an attempt to connect. The attempt then reports the reason as its error. */
export type AbandonConnecting = (reason: Error) => void;

/** Establishes one connection, directly or through a proxy. */
export type Connector = (target: ConnectionTarget, connected: Connected) => AbandonConnecting;
