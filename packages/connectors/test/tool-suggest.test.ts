import { expect, test } from "vitest";
import { suggestCandidateIds, suggestConnectors } from "../src/index.js";
import { connector, idsOf } from "./support/connector.js";

test("candidates are apps of plugins and configured connectors, but not disabled ones nor blank ids", () => {
  const ids = suggestCandidateIds({
    pluginAppIds: ["mail", "calendar", " "],
    discoverables: [
      { type: "connector", id: " drive " },
      { type: "plugin", id: "a-plugin" },
      { type: "connector", id: "  " },
      { type: "connector", id: "chat" },
    ],
    disabled: [
      { type: "connector", id: " calendar " },
      { type: "connector", id: "chat" },
      { type: "plugin", id: "mail" },
      { type: "connector", id: "" },
    ],
  });
  expect([...ids]).toEqual(["mail", "drive"]);
  expect(suggestCandidateIds({}).size).toBe(0);
});

test("suggests candidates that are not accessible; accessible ones not even when they are disabled", () => {
  const directory = [
    connector({ id: "z", name: "Zed", isAccessible: true }),
    connector({ id: "a2", name: "Alpha" }),
    connector({ id: "a1", name: "Alpha" }),
    connector({ id: "has", name: "Has" }),
    connector({ id: "off", name: "Off" }),
    connector({ id: "never", name: "Never" }),
  ];
  const suggested = suggestConnectors({
    directory,
    accessible: [connector({ id: "has" }), connector({ id: "off", isEnabled: false })],
    candidateIds: ["z", "a1", "a2", "has", "off"],
  });
  expect(idsOf(suggested)).toEqual(["a1", "a2", "z"]);
});

test("without a directory a candidate is suggested by its id", () => {
  const [suggested] = suggestConnectors({ directory: [], accessible: [], candidateIds: ["mail"] });
  expect(suggested).toMatchObject({
    id: "mail",
    name: "mail",
    installUrl: "https://chatgpt.com/apps/mail/mail",
    isAccessible: false,
  });
});
