import { ConnectorsError } from "./connectors-error.js";
import { trimmedOrNull } from "./text.js";

/** An app that a plugin declares. */
export interface PluginApp {
  readonly name: string;
  /** The id of its connector, as written. */
  readonly id: string;
  readonly category: string | null;
}

/**
 * Reads the file in which a plugin declares its apps: `{"apps": {"<name>": {"id": "…", "category": "…"}}}`.
 *
 * @returns The apps in the order of the file.
 * @throws {@link ConnectorsError} of kind `invalid_plugin_apps`.
 */
export function parsePluginApps(text: string): readonly PluginApp[] {
  const file = parseOrdered(text);
  if (!isObject(file)) throw invalid("the app file of a plugin must be a JSON object");
  const { [`${keyMark}apps`]: apps = {} } = file;
  if (!isObject(apps)) throw invalid('"apps" in the app file of a plugin must be an object');
  return Object.entries(apps).map(([key, app]) => toPluginApp(key.slice(keyMark.length), app));
}

function toPluginApp(name: string, app: unknown): PluginApp {
  const { [`${keyMark}id`]: id, [`${keyMark}category`]: category = null } = isObject(app) ? app : {};
  const place = `of the app ${JSON.stringify(name)} in the app file of a plugin`;
  if (typeof id !== "string") throw invalid(`"id" ${place} must be a string`);
  if (category !== null && typeof category !== "string")
    throw invalid(`"category" ${place} must be a string or null`);
  return { name, id, category: trimmedOrNull(category) };
}

/** Parses JSON with a mark in front of each key. Objects enumerate keys that look like numbers first; with it none does. */
function parseOrdered(text: string): unknown {
  try {
    JSON.parse(text);
  } catch (error) {
    throw invalid("the app file of a plugin is not JSON", error);
  }
  // In valid JSON a string before a colon is a key, and nothing else is.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"(\s*:)?/g, (found, colon: string | undefined) =>
    colon === undefined ? found : `"${keyMark}${found.slice(1)}`,
  );
  return JSON.parse(marked);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string, cause?: unknown): ConnectorsError {
  return new ConnectorsError(message, { kind: "invalid_plugin_apps", cause });
}

const keyMark = ".";
