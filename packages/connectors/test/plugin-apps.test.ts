import { expect, test } from "vitest";
import { isConnectorsError, parsePluginApps } from "../src/index.js";

test("keeps the order of the file, and ids that are not validated", () => {
  const file = `{ "apps": {
    "zed": {"id": "connector_z", "category": "  mail "},
    "2": {"id": "not an id", "category": " ", "more": {"1": 1}},
    "al\\"pha: {": {"id": ""},
    "1": {"id": "1", "category": null},
    "__proto__": {"id": "p"}
  }, "version": "a\\\\\\": " }`;
  expect(parsePluginApps(file)).toStrictEqual([
    { name: "zed", id: "connector_z", category: "mail" },
    { name: "2", id: "not an id", category: null },
    { name: 'al"pha: {', id: "", category: null },
    { name: "1", id: "1", category: null },
    { name: "__proto__", id: "p", category: null },
  ]);
});

test.each(["{}", '{"apps":{}}', '{"other":1}'])("%s declares nothing", (file) => {
  expect(parsePluginApps(file)).toEqual([]);
});

test.each([
  ["{apps}", "the app file of a plugin is not JSON"],
  ["", "the app file of a plugin is not JSON"],
  ["[]", "the app file of a plugin must be a JSON object"],
  ["null", "the app file of a plugin must be a JSON object"],
  ['{"apps":null}', '"apps" in the app file of a plugin must be an object'],
  ['{"apps":[]}', '"apps" in the app file of a plugin must be an object'],
  ['{"apps":{"a":{}}}', '"id" of the app "a" in the app file of a plugin must be a string'],
  ['{"apps":{"a\\n":{"id":1}}}', '"id" of the app "a\\n" in the app file of a plugin must be a string'],
  ['{"apps":{"a":null}}', '"id" of the app "a" in the app file of a plugin must be a string'],
  ['{"apps":{"a":"b"}}', '"id" of the app "a" in the app file of a plugin must be a string'],
  [
    '{"apps":{"a":{"id":"a","category":1}}}',
    '"category" of the app "a" in the app file of a plugin must be a string or null',
  ],
])("refuses %s", (file, message) => {
  const error: unknown = catching(() => parsePluginApps(file));
  expect(isConnectorsError(error)).toBe(true);
  expect(error).toMatchObject({ name: "ConnectorsError", kind: "invalid_plugin_apps", message });
});

test("another error is no ConnectorsError", () => {
  expect([undefined, null, new Error("x"), "x"].some(isConnectorsError)).toBe(false);
});

function catching(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
