import type { AppInfo } from "@codex-ts/protocol";
import { directoryPageSchema } from "@codex-ts/protocol/schemas";
import { describe, expect, test } from "vitest";
import {
  accessibleConnectors,
  codexAppsServerName,
  connectorInstallUrl,
  connectorSlug,
  mergeAccessibleConnectors,
  mergePluginConnectors,
  sanitizeConnectorName,
  toDirectoryConnectors,
} from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";

interface Vectors {
  readonly directory: readonly Case<{ readonly pages: readonly unknown[] }>[];
  readonly merge: readonly Case<{
    readonly directory: readonly AppInfo[];
    readonly accessible: readonly AppInfo[];
    readonly all_connectors_loaded: boolean;
  }>[];
  readonly accessible: readonly Case<readonly AccessibleTool[]>[];
  readonly plugin_merge: readonly Case<{
    readonly connectors: readonly AppInfo[];
    readonly plugin_app_ids: readonly string[];
  }>[];
  readonly slugs: readonly (Case<string> & { readonly install_url_connector_id: string })[];
}

interface Case<Input> {
  readonly name: string;
  readonly input: Input;
  readonly expected: unknown;
}

interface AccessibleTool {
  readonly connector_id: string;
  readonly connector_name?: string | null;
  readonly connector_description?: string | null;
  readonly plugin_display_names?: readonly string[];
}

const vectors = readVectors<Vectors>("connectors-merge");
const rejects = ({ expected }: Case<unknown>) => !Array.isArray(expected);

describe("vectors: connectors-merge", () => {
  test.each(vectors.directory.filter((vector) => !rejects(vector)))(
    "directory: $name",
    ({ input, expected }) => {
      const apps = input.pages.flatMap((page) => directoryPageSchema.parse(page).apps);
      expect(toDirectoryConnectors(apps)).toStrictEqual(expected);
    },
  );

  test.each(vectors.directory.filter(rejects))("directory: $name", ({ input }) => {
    expect(input.pages.map((page) => directoryPageSchema.safeParse(page).success)).toEqual([false]);
  });

  test.each(vectors.merge)("merge: $name", ({ input, expected }) => {
    const { directory, accessible, all_connectors_loaded: allConnectorsLoaded } = input;
    expect(mergeAccessibleConnectors(directory, accessible, { allConnectorsLoaded })).toStrictEqual(expected);
  });

  test.each(vectors.accessible)("accessible: $name", ({ input, expected }) => {
    const tools = input.map(({ connector_description, ...tool }) => ({
      ...tool,
      server_name: codexAppsServerName,
      namespace_description: connector_description,
    }));
    expect(accessibleConnectors(tools)).toStrictEqual(expected);
  });

  test.each(vectors.plugin_merge)("plugin merge: $name", ({ input, expected }) => {
    expect(mergePluginConnectors(input.connectors, input.plugin_app_ids)).toStrictEqual(expected);
  });

  test.each(vectors.slugs)("slug: $name", ({ input, install_url_connector_id: id, expected }) => {
    expect({
      slug: connectorSlug(input),
      sanitized: sanitizeConnectorName(input),
      install_url: connectorInstallUrl(input, id),
    }).toStrictEqual(expected);
  });
});
