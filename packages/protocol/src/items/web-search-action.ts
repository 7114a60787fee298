import { type Draft, jsonObject, keepString, keepStrings, stringMember } from "../json-members.js";
import { attachOriginal } from "./original.js";

/** Looking something up. */
export interface SearchAction {
  readonly type: "search";
  readonly query?: string | undefined;
  readonly queries?: readonly string[] | undefined;
}

/** Opening a result. */
export interface OpenPageAction {
  readonly type: "open_page";
  readonly url?: string | undefined;
}

/** Looking for something inside a page. */
export interface FindInPageAction {
  readonly type: "find_in_page";
  readonly url?: string | undefined;
  readonly pattern?: string | undefined;
}

/** An action this package does not know; like {@link OtherItem} it remembers the original JSON. */
export interface OtherAction {
  readonly type: "other";
}

/** What a web search did. */
export type WebSearchAction = SearchAction | OpenPageAction | FindInPageAction | OtherAction;

/** Reads what a web search did; an unknown `type` gives an {@link OtherAction}. */
export function parseWebSearchAction(value: unknown): WebSearchAction {
  const source = jsonObject(value);
  switch (stringMember(source, "type")) {
    case "search": {
      const action: Draft<SearchAction> = { type: "search" };
      keepString(source, "query", action);
      keepStrings(source, "queries", action);
      return action;
    }
    case "open_page": {
      const action: Draft<OpenPageAction> = { type: "open_page" };
      keepString(source, "url", action);
      return action;
    }
    case "find_in_page": {
      const action: Draft<FindInPageAction> = { type: "find_in_page" };
      keepString(source, "url", action);
      keepString(source, "pattern", action);
      return action;
    }
    default:
      return attachOriginal({ type: "other" }, source);
  }
}
