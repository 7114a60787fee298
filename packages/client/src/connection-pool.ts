import type { Client, Dispatcher } from "undici";
import type { AbandonConnecting, Connected, ConnectionTarget, Connector } from "./connector.js";
import type { Lane, LaneHandler } from "./lane.js";

/** Makes the HTTP client of one connection. */
export type OpenClient = (connect: (target: ConnectionTarget, connected: Connected) => void) => Client;

/** The connections to one origin over one route. Lends the one that was used last, or opens another. */
export class ConnectionPool {
  readonly #openClient: OpenClient;
  readonly #connector: Connector;
  readonly #onEmpty: () => void;
  readonly #connections = new Map<Client, Connection>();
  readonly #idle: Connection[] = [];
  readonly #onDisconnect = (_origin: URL, [client]: readonly Dispatcher[]): void => {
    const connection = this.#connections.get(client as Client);
    if (connection !== undefined) this.#forgetIdle(connection);
  };
  #isRetired = false;

  /** @param onEmpty - Called when the last connection is gone. */
  constructor(openClient: OpenClient, connector: Connector, onEmpty: () => void) {
    this.#openClient = openClient;
    this.#connector = connector;
    this.#onEmpty = onEmpty;
  }

  take(): Lane {
    return this.#idle.pop() ?? this.#open();
  }

  /** Takes a connection back. */
  release(connection: Connection, isReusable: boolean): void {
    if (isReusable && !this.#isRetired) this.#idle.push(connection);
    else this.#discard(connection);
  }

  /** Closes the idle connections now and the others when their requests are over. */
  retire(): void {
    this.#isRetired = true;
    for (const connection of this.#idle.splice(0)) this.#discard(connection);
  }

  /** Cuts all connections. */
  async destroy(): Promise<void> {
    this.#isRetired = true;
    await Promise.all([...this.#connections.keys()].map((client) => client.destroy()));
  }

  #open(): Connection {
    const connection = new Connection(this, this.#openClient, this.#connector);
    connection.client.on("disconnect", this.#onDisconnect);
    this.#connections.set(connection.client, connection);
    return connection;
  }

  #forgetIdle(connection: Connection): void {
    const index = this.#idle.lastIndexOf(connection);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    this.#forget(connection);
  }

  #discard(connection: Connection): void {
    connection.client.close(() => {});
    this.#forget(connection);
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection.client);
    if (this.#connections.size === 0) this.#onEmpty();
  }
}

class Connection implements Lane {
  readonly client: Client;
  readonly #pool: ConnectionPool;
  #handler: LaneHandler | undefined;
  #abandonConnecting: AbandonConnecting | undefined;

  constructor(pool: ConnectionPool, openClient: OpenClient, connector: Connector) {
    this.#pool = pool;
    this.client = openClient((target, connected) => {
      this.#handler?.onConnecting();
      this.#abandonConnecting = connector(target, (...outcome) => {
        this.#abandonConnecting = undefined;
        connected(...outcome);
      });
    });
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: LaneHandler): void {
    this.#handler = handler;
    this.client.dispatch(options, handler);
  }

  abandon(reason: Error): void {
    this.#abandonConnecting?.(reason);
  }

  release(isReusable: boolean): void {
    this.#handler = undefined;
    this.#pool.release(this, isReusable);
  }
}
