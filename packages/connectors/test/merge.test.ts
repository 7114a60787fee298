import { expect, test } from "vitest";
import {
  connectorsForPluginApps,
  mergeAccessibleConnectors,
  mergeAccessiblePluginConnectors,
  mergePluginConnectors,
} from "../src/index.js";
import { connector, idsOf } from "./support/connector.js";

const loaded = { allConnectorsLoaded: true };

test("what is accessible comes first, then by name, then by id", () => {
  const directory = [
    connector({ id: "3", name: "A" }),
    connector({ id: "2", name: "B" }),
    connector({ id: "1", name: "B" }),
    connector({ id: "0", name: "C" }),
  ];
  const merged = mergeAccessibleConnectors(
    directory,
    [connector({ id: "2" }), connector({ id: "0" })],
    loaded,
  );
  expect(idsOf(merged)).toEqual(["2", "0", "3", "1"]);
});

test("what the directory calls accessible is not unless it is", () => {
  const [merged] = mergeAccessibleConnectors([connector({ id: "a", isAccessible: true })], [], loaded);
  expect(merged?.isAccessible).toBe(false);
});

test("fills in what the directory lacks and leaves what it has", () => {
  const lacking = connector({ id: "lacking" });
  const complete = connector({
    id: "complete",
    name: "Complete",
    description: "d",
    logoUrl: "l",
    logoUrlDark: "k",
    iconAssets: { a: "1" },
    iconDarkAssets: { a: "2" },
    distributionChannel: "c",
    labels: {},
    installUrl: "https://elsewhere.example/complete",
  });
  const offered = (id: string) =>
    connector({
      id,
      name: "Offered",
      description: "D",
      logoUrl: "L",
      logoUrlDark: "K",
      iconAssets: { b: "1" },
      iconDarkAssets: { b: "2" },
      distributionChannel: "C",
      branding: {
        category: null,
        developer: null,
        website: null,
        privacyPolicy: null,
        termsOfService: null,
        isDiscoverableApp: true,
      },
      labels: { l: "m" },
      installUrl: "https://elsewhere.example/offered",
      isEnabled: false,
    });
  const merged = mergeAccessibleConnectors(
    [lacking, complete],
    [offered("lacking"), offered("complete")],
    loaded,
  );
  expect(merged).toStrictEqual([
    { ...complete, isAccessible: true },
    {
      ...lacking,
      name: "Offered",
      description: "D",
      logoUrl: "L",
      logoUrlDark: "K",
      iconAssets: { b: "1" },
      iconDarkAssets: { b: "2" },
      distributionChannel: "C",
      installUrl: "https://chatgpt.com/apps/offered/lacking",
      isAccessible: true,
    },
  ]);
});

test("while the directory is loading, what is new is kept as it is and marked accessible", () => {
  const offered = connector({ id: "new", name: "New", isEnabled: false, labels: { a: "b" } });
  expect(mergeAccessibleConnectors([], [offered], { allConnectorsLoaded: false })).toStrictEqual([
    { ...offered, isAccessible: true, installUrl: "https://chatgpt.com/apps/new/new" },
  ]);
  expect(mergeAccessibleConnectors([], [offered], loaded)).toEqual([]);
});

test("apps of plugins that are accessible are merged with what is known of them", () => {
  const accessible = [
    connector({ id: "mail", name: "Mail", pluginDisplayNames: ["b", "a", "b"] }),
    connector({ id: "own", name: "Own" }),
  ];
  const merged = mergeAccessiblePluginConnectors(["calendar", "mail", "mail"], accessible);
  expect(merged).toMatchObject([
    {
      id: "mail",
      name: "Mail",
      isAccessible: true,
      pluginDisplayNames: ["a", "b"],
      installUrl: "https://chatgpt.com/apps/mail/mail",
    },
    { id: "own", isAccessible: true },
  ]);
  expect(merged).toHaveLength(2);
});

test("a plugin gets the apps that it asks for: in its order, each once, those once hidden too", () => {
  const connectors = [
    connector({ id: "a" }),
    connector({ id: "connector_openai_hidden", name: "Formerly hidden" }),
    connector({ id: "b", isAccessible: true }),
  ];
  const asked = ["unlisted", "b", "connector_openai_hidden", "b"];
  const found = connectorsForPluginApps(connectors, asked);
  expect(idsOf(found)).toEqual(["unlisted", "b", "connector_openai_hidden"]);
  expect(found[0]).toMatchObject({
    name: "unlisted",
    installUrl: "https://chatgpt.com/apps/unlisted/unlisted",
  });
  expect(found[1]).toBe(connectors[2]);
});

test("install URLs lead to the ChatGPT that is asked for", () => {
  const options = { chatgptBaseUrl: "https://chatgpt.example/backend-api/" };
  const url = "https://chatgpt.example/apps/x/x";
  expect(mergePluginConnectors([], ["x"], options)[0]?.installUrl).toBe(url);
  expect(connectorsForPluginApps([], ["x"], options)[0]?.installUrl).toBe(url);
  expect(
    mergeAccessibleConnectors([connector({ id: "x" })], [], { ...loaded, ...options })[0]?.installUrl,
  ).toBe(url);
  expect(mergeAccessiblePluginConnectors(["x"], [connector({ id: "x" })], options)[0]?.installUrl).toBe(url);
});
