import { sortedUnique } from "./text.js";

/** The connectors that a plugin declares. */
export interface PluginConnectorSource {
  readonly pluginId: string;
  readonly displayName: string;
  readonly connectorIds: readonly string[];
}

/** Which plugins bring which connectors along. */
export class ConnectorSnapshot {
  /** The sources that have any connector: ids are not blank, and each there once. */
  readonly sources: readonly PluginConnectorSource[];
  /** All ids, in the order in which they were first declared. */
  readonly connectorIds: readonly string[];
  readonly #displayNames = new Map<string, Set<string>>();

  constructor(sources: Iterable<PluginConnectorSource>) {
    this.sources = [...sources]
      .map((source) => ({ ...source, connectorIds: declaredIds(source) }))
      .filter(({ connectorIds }) => connectorIds.length > 0);
    for (const { displayName, connectorIds } of this.sources) {
      for (const id of connectorIds) {
        const names = this.#displayNames.get(id) ?? new Set();
        this.#displayNames.set(id, names.add(displayName));
      }
    }
    this.connectorIds = [...this.#displayNames.keys()];
  }

  /** The names of the plugins that declare a connector, sorted; none for one that is not known. */
  pluginDisplayNames(connectorId: string): readonly string[] {
    return sortedUnique(this.#displayNames.get(connectorId) ?? []);
  }

  /** A snapshot of the sources of both. */
  mergedWith(other: ConnectorSnapshot): ConnectorSnapshot {
    return new ConnectorSnapshot([...this.sources, ...other.sources]);
  }
}

function declaredIds({ connectorIds }: PluginConnectorSource): readonly string[] {
  return [...new Set(connectorIds)].filter((id) => id.trim() !== "");
}
