import { expect, test } from "vitest";
import {
  appInfoSchema,
  appsBatchResponseSchema,
  directoryCacheSchema,
  directoryPageSchema,
  workspaceSettingsSchema,
} from "../src/schemas/index.js";

const bareApp = {
  id: "x",
  name: "X",
  description: null,
  app_metadata: null,
  branding: null,
  labels: null,
  logo_url: null,
  logo_url_dark: null,
  icon_assets: null,
  icon_dark_assets: null,
  distribution_channel: null,
  visibility: null,
};

test("reads a page of the directory in either spelling, and gives it one", () => {
  const snake = {
    logo_url: "1",
    logo_url_dark: "2",
    icon_assets: { a: "3" },
    icon_dark_assets: { a: "4" },
    distribution_channel: "5",
    app_metadata: { version: "6" },
  };
  const camel = {
    logoUrl: "1",
    logoUrlDark: "2",
    iconAssets: { a: "3" },
    iconDarkAssets: { a: "4" },
    distributionChannel: "5",
    appMetadata: { version: "6" },
  };
  const one = directoryPageSchema.parse({
    apps: [{ id: "x", name: "X", ...snake, more: 1 }],
    next_token: "t",
  });
  const other = directoryPageSchema.parse({ apps: [{ id: "x", name: "X", ...camel }], nextToken: "t" });
  expect(one).toStrictEqual(other);
  expect(one).toMatchObject({
    next_token: "t",
    apps: [{ ...snake, app_metadata: { version: "6", review: null } }],
  });
});

test("what a page does not say is null", () => {
  expect(directoryPageSchema.parse({ apps: [{ id: "x", name: "X" }] })).toStrictEqual({
    apps: [bareApp],
    next_token: null,
  });
});

test("of both spellings the wire's own counts", () => {
  const { apps } = directoryPageSchema.parse({
    apps: [
      { id: "x", name: "X", logo_url: "own", logoUrl: "other", icon_assets: null, iconAssets: { a: "b" } },
    ],
  });
  expect(apps).toMatchObject([{ logo_url: "own", icon_assets: { a: "b" } }]);
});

test.each([
  [{}, ["apps"]],
  [{ apps: null }, ["apps"]],
  [{ apps: [], next_token: 1 }, ["next_token"]],
  [{ apps: [{ id: "x" }] }, ["apps", 0, "name"]],
  [{ apps: [{ id: 1, name: "X" }] }, ["apps", 0, "id"]],
  [{ apps: [{ id: "x", name: "X", labels: { a: 1 } }] }, ["apps", 0, "labels", "a"]],
  [{ apps: [{ id: "x", name: "X", branding: {} }] }, ["apps", 0, "branding", "isDiscoverableApp"]],
  [
    { apps: [{ id: "x", name: "X", appMetadata: { review: {} } }] },
    ["apps", 0, "app_metadata", "review", "status"],
  ],
  [
    { apps: [{ id: "x", name: "X", app_metadata: { screenshots: [{ url: "u" }] } }] },
    ["apps", 0, "app_metadata", "screenshots", 0, "userPrompt"],
  ],
])("refuses the page %j", (page, path) => {
  expect(directoryPageSchema.safeParse(page).error?.issues.map((issue) => issue.path)).toEqual([path]);
});

test("a cached connector that says no more than its name is enabled, and not accessible", () => {
  expect(appInfoSchema.parse({ id: "x", name: "X" })).toStrictEqual({
    id: "x",
    name: "X",
    description: null,
    logoUrl: null,
    logoUrlDark: null,
    iconAssets: null,
    iconDarkAssets: null,
    distributionChannel: null,
    branding: null,
    appMetadata: null,
    labels: null,
    installUrl: null,
    isAccessible: false,
    isEnabled: true,
    pluginDisplayNames: [],
  });
});

test.each([{ isAccessible: null }, { isEnabled: 1 }, { pluginDisplayNames: null }, { name: undefined }])(
  "refuses a cached connector with %j",
  (wrong) => {
    expect(appInfoSchema.safeParse({ id: "x", name: "X", ...wrong }).success).toBe(false);
  },
);

test.each([0, 2, "1", null, undefined])("refuses a cache file of schema %j", (schema_version) => {
  expect(directoryCacheSchema.safeParse({ schema_version, connectors: [] }).success).toBe(false);
  expect(directoryCacheSchema.safeParse({ schema_version: 1, connectors: [] }).success).toBe(true);
});

test("reads apps with their tools", () => {
  const tool = { name: "t", description: "d", is_read_only: true };
  const answer = {
    apps: [
      { id: "x", name: "X", icon_url_dark: "u", tools: [tool] },
      { id: "y", name: "Y" },
    ],
  };
  const nothing = { description: null, icon_url: null, distribution_channel: null };
  expect(appsBatchResponseSchema.parse(answer)).toStrictEqual({
    apps: [
      {
        id: "x",
        name: "X",
        ...nothing,
        icon_dark_url: "u",
        tools: [{ ...tool, title: null, is_enabled: null, disabled_reason: null }],
      },
      { id: "y", name: "Y", ...nothing, icon_dark_url: null, tools: null },
    ],
  });
});

test.each([{}, { apps: [{ id: "x" }] }, { apps: [{ id: "x", name: "X", tools: [{ name: "t" }] }] }])(
  "refuses the apps %j",
  (answer) => {
    expect(appsBatchResponseSchema.safeParse(answer).success).toBe(false);
  },
);

test("settings of a workspace may say nothing, but nothing that is no truth value", () => {
  expect(workspaceSettingsSchema.parse({ more: 1 })).toStrictEqual({ beta_settings: {} });
  expect(workspaceSettingsSchema.parse({ beta_settings: { enable_plugins: false } })).toStrictEqual({
    beta_settings: { enable_plugins: false },
  });
  for (const beta_settings of [null, { enable_plugins: 1 }, { other: null }]) {
    expect(workspaceSettingsSchema.safeParse({ beta_settings }).success).toBe(false);
  }
});
