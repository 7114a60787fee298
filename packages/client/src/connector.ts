import type { Socket } from "node:net";
import type { buildConnector } from "undici";

/** Where a connection goes to, as undici says it. */
export type ConnectionTarget = Pick<buildConnector.Options, "hostname" | "port" | "protocol" | "servername">;

/** Called once, with the connected socket or with what prevented it. */
export type Connected = (...outcome: [error: Error, socket: null] | [error: null, socket: Socket]) => void;

/** Gives up an attempt to connect. The attempt then reports the reason as its error. */
export type AbandonConnecting = (reason: Error) => void;

/** Establishes one connection, directly or through a proxy. */
export type Connector = (target: ConnectionTarget, connected: Connected) => AbandonConnecting;
