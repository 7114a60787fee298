import type { Client, Dispatcher } from "undici";
import type { AbandonConnecting, Connector } from "./connector.js";
import type { Lane } from "./lane.js";

/** Makes the HTTP client of one connection. */
export type OpenClient = (connector: Connector) => Client;

/** The connections to one origin over one route. Lends the one that was used last, or opens another. */
export class ConnectionPool {
  readonly #openClient: OpenClient;
  readonly #connector: Connector;
  readonly #onEmpty: () => void;
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
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

  /** Closes the idle connections now and the others when their requests are over. */
  retire(): void {
    this.#isRetired = true;
    for (const connection of this.#idle.splice(0)) this.#discard(connection);
  }

  /** Cuts all connections. */
  async destroy(): Promise<void> {
    this.#isRetired = true;
    await Promise.all([...this.#connections].map(({ client }) => client.destroy()));
  }

  #open(): Connection {
    const connection = new Connection(this.#openClient, this.#connector, (isReusable) => {
      if (isReusable && !this.#isRetired) this.#idle.push(connection);
      else this.#discard(connection);
    });
    connection.client.on("disconnect", () => this.#forgetIdle(connection));
    this.#connections.add(connection);
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
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onEmpty();
  }
}

class Connection implements Lane {
  readonly client: Client;
  readonly #onRelease: (isReusable: boolean) => void;
  #abandonConnecting: AbandonConnecting | undefined;

  constructor(openClient: OpenClient, connector: Connector, onRelease: (isReusable: boolean) => void) {
    this.#onRelease = onRelease;
    this.client = openClient((target, connected) => {
      const abandon = connector(target, (...outcome) => {
        this.#abandonConnecting = undefined;
        connected(...outcome);
      });
      this.#abandonConnecting = abandon;
      return abandon;
    });
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.client.dispatch(options, handler);
  }

  abandon(reason: Error): void {
    this.#abandonConnecting?.(reason);
  }

  release(isReusable: boolean): void {
    this.#onRelease(isReusable);
  }
}
