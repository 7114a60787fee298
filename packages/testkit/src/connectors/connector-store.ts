/** An app as a test adds it. */
export interface ConnectorSeed {
  readonly id: string;
  readonly name: string;
  /** Further members of a directory entry, such as `description`, `logo_url`, `branding`, `visibility`. */
  readonly [member: string]: unknown;
  /** Its tools, as the batch look-up gives them. Default: none. Not a part of the directory. */
  readonly tools?: readonly object[] | undefined;
}

/** Where an app is listed. */
export interface ConnectorPlace {
  /** Default `public`. */
  readonly directory?: "public" | "workspace" | undefined;
  /** For whom it is listed. Default: for every account. */
  readonly accountId?: string | undefined;
}

interface Entry {
  readonly app: ConnectorSeed;
  readonly directory: "public" | "workspace";
  readonly accountId: string | undefined;
}

/** The connectors directory and the settings of workspaces. Change it at any time: the next answer has it. */
export class ConnectorStore {
  /** How many apps a page of the public directory has. Default 100. */
  pageSize = 100;
  readonly #settings = new Map<string, object>();
  #entries: readonly Entry[] = [];

  /** Adds an app; the same id may be added more than once. */
  add(app: ConnectorSeed, { directory = "public", accountId }: ConnectorPlace = {}): void {
    this.#entries = [...this.#entries, { app, directory, accountId }];
  }

  /** Removes all entries of an app: those of one account, or without one all. */
  remove(id: string, accountId?: string): void {
    this.#entries = this.#entries.filter(
      (entry) => entry.app.id !== id || (accountId !== undefined && entry.accountId !== accountId),
    );
  }

  /** What an account finds in a directory, in the order in which it was added. */
  list(directory: "public" | "workspace", accountId: string): readonly ConnectorSeed[] {
    return this.#entries
      .filter((entry) => entry.directory === directory && (entry.accountId ?? accountId) === accountId)
      .map(({ app }) => app);
  }

  /** An app, if the account finds it in any directory. */
  find(id: string, accountId: string): ConnectorSeed | undefined {
    return [...this.list("public", accountId), ...this.list("workspace", accountId)].find(
      (app) => app.id === id,
    );
  }

  /** Sets the answer of `accounts/<id>/settings`. */
  setWorkspaceSettings(accountId: string, settings: object): void {
    this.#settings.set(accountId, settings);
  }

  /** The settings of a workspace. Default: nothing is said. */
  workspaceSettings(accountId: string): object {
    return this.#settings.get(accountId) ?? {};
  }

  /** Back to the beginning: no app, no setting. */
  reset(): void {
    this.pageSize = 100;
    this.#settings.clear();
    this.#entries = [];
  }
}
