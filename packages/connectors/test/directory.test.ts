import type { AppMetadata, DirectoryApp } from "@codex-ts/protocol";
import { directoryPageSchema } from "@codex-ts/protocol/schemas";
import { expect, test } from "vitest";
import { connectorCategory, toDirectoryConnectors } from "../src/index.js";
import { connector, idsOf } from "./support/connector.js";

function apps(...entries: readonly object[]): readonly DirectoryApp[] {
  return directoryPageSchema.parse({ apps: entries }).apps;
}

test("a listing of public pages and the workspace's page becomes one sorted list", () => {
  const branding = { category: " Mail ", isDiscoverableApp: true };
  const connectors = toDirectoryConnectors(
    apps(
      { id: "secret", name: "Secret", visibility: "HIDDEN" },
      { id: "mail", name: "  Mail  ", description: "for everyone", logo_url: "https://l/1" },
      { id: "calendar", name: "Calendar", visibility: "hidden" },
      { id: "mail", name: "Other", description: "for the workspace", branding, visibility: "VISIBLE" },
      { id: "other-secret", name: "x", visibility: "HIDDEN" },
    ),
  );
  expect(idsOf(connectors)).toEqual(["calendar", "mail"]);
  expect(connectors[1]).toMatchObject({
    name: "Mail",
    description: "for the workspace",
    logoUrl: "https://l/1",
    installUrl: "https://chatgpt.com/apps/mail/mail",
    branding: { category: " Mail ", developer: null, isDiscoverableApp: true },
    isAccessible: false,
    isEnabled: true,
  });
  expect(connectors.map(connectorCategory)).toEqual([null, "Mail"]);
});

test("empty maps of icons give way to real ones, and real ones stay", () => {
  const [merged] = toDirectoryConnectors(
    apps(
      { id: "x", name: "X", icon_assets: {}, icon_dark_assets: { small: "1" } },
      { id: "x", name: "X", icon_assets: { small: "2" }, icon_dark_assets: { small: "2" } },
      { id: "x", name: "X", icon_assets: { small: "3" }, icon_dark_assets: {} },
    ),
  );
  expect(merged).toMatchObject({ iconAssets: { small: "2" }, iconDarkAssets: { small: "1" } });
});

test("an empty map of icons does not come in where none was", () => {
  const [merged] = toDirectoryConnectors(
    apps({ id: "x", name: "X" }, { id: "x", name: "X", icon_assets: {}, icon_dark_assets: {} }),
  );
  expect(merged).toMatchObject({ iconAssets: null, iconDarkAssets: null });
});

test("metadata is filled in member by member", () => {
  const screenshots = [
    { file_id: "f", user_prompt: "p" },
    { fileId: "g", url: "u", userPrompt: "q" },
  ];
  const [merged] = toDirectoryConnectors(
    apps(
      { id: "x", name: "X", appMetadata: { version: "1", firstPartyRequiresInstall: false } },
      { id: "x", name: "X", app_metadata: { version: "2", firstPartyRequiresInstall: true, screenshots } },
      { id: "x", name: "X", app_metadata: { review: { status: "ok" }, categories: [" ", " Mail"] } },
    ),
  );
  expect(merged?.appMetadata).toStrictEqual({
    review: { status: "ok" },
    categories: [" ", " Mail"],
    subCategories: null,
    seoDescription: null,
    screenshots: [
      { url: null, fileId: "f", userPrompt: "p" },
      { url: "u", fileId: "g", userPrompt: "q" },
    ],
    developer: null,
    version: "1",
    versionId: null,
    versionNotes: null,
    firstPartyType: null,
    firstPartyRequiresInstall: false,
    showInComposerWhenUnlinked: null,
  } satisfies AppMetadata);
  expect(merged && connectorCategory(merged)).toBe("Mail");
});

test("branding that came first is not undone by branding that is not discoverable", () => {
  const [merged] = toDirectoryConnectors(
    apps(
      { id: "x", name: "X", branding: { isDiscoverableApp: true } },
      { id: "x", name: "X", branding: { isDiscoverableApp: false, website: "w" } },
      { id: "x", name: "X" },
    ),
  );
  expect(merged?.branding).toMatchObject({ isDiscoverableApp: true, website: "w" });
});

test("a blank name takes the next real one, address included", () => {
  const [merged] = toDirectoryConnectors(apps({ id: "x", name: " " }, { id: "x", name: " Real " }));
  expect(merged).toMatchObject({ name: "Real", installUrl: "https://chatgpt.com/apps/real/x" });
});

test("sorts by code points, not by language nor by UTF-16", () => {
  const names = ["\u{1f600}", "\uffee", "é", "b", "a", "Z", "aa"];
  const sorted = toDirectoryConnectors(apps(...names.map((name) => ({ id: name, name }))));
  expect(idsOf(sorted)).toEqual(["Z", "a", "aa", "b", "é", "\uffee", "\u{1f600}"]);
});

test("ids that objects inherit are ids like any other", () => {
  expect(
    idsOf(toDirectoryConnectors(apps({ id: "__proto__", name: "b" }, { id: "constructor", name: "a" }))),
  ).toEqual(["constructor", "__proto__"]);
});

test("an app without any category has none", () => {
  const branding = {
    category: " ",
    developer: null,
    website: null,
    privacyPolicy: null,
    termsOfService: null,
  };
  expect(connectorCategory(connector({ id: "x" }))).toBeNull();
  expect(
    connectorCategory(connector({ id: "x", branding: { ...branding, isDiscoverableApp: false } })),
  ).toBeNull();
});
