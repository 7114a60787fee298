/** One query, of the web or of images. */
export interface SearchQuery {
  readonly q: string;
  /** Days. */
  readonly recency?: number | undefined;
  /** Only results of these. */
  readonly domains?: readonly string[] | undefined;
}

/** Opens a page: the id of an earlier result, or a URL. */
export interface OpenCommand {
  readonly ref_id: string;
  readonly lineno?: number | undefined;
}

/** Follows a link of an open page by its number. */
export interface ClickCommand {
  readonly ref_id: string;
  readonly id: number;
}

/** Finds a text in a page. */
export interface FindCommand {
  readonly ref_id: string;
  readonly pattern: string;
}

/** Takes a picture of one page of a document, counted from 0. */
export interface ScreenshotCommand {
  readonly ref_id: string;
  readonly pageno: number;
}

/** Asks for a price. */
export interface FinanceCommand {
  readonly ticker: string;
  readonly type: "equity" | "fund" | "crypto" | "index";
  /** Such as `USA`. */
  readonly market?: string | undefined;
}

/** Asks for the weather. */
export interface WeatherCommand {
  /** `Country, Area, City`. */
  readonly location: string;
  /** `YYYY-MM-DD`. */
  readonly start?: string | undefined;
  /** Days. */
  readonly duration?: number | undefined;
}

/** A league that {@link SportsCommand} knows. */
export type SportsLeague = "nba" | "wnba" | "nfl" | "nhl" | "mlb" | "epl" | "ncaamb" | "ncaawb" | "ipl";

/** Asks for games or tables. */
export interface SportsCommand {
  readonly tool?: "sports" | undefined;
  readonly fn: "schedule" | "standings";
  readonly league: SportsLeague;
  readonly team?: string | undefined;
  readonly opponent?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly num_games?: number | undefined;
  /** Such as `en-US`. */
  readonly locale?: string | undefined;
}

/** Asks for the time of day. */
export interface TimeCommand {
  /** Such as `+03:00`. */
  readonly utc_offset: string;
}

/** What a search is to do, any number of each. What is not set is left out. */
export interface SearchCommands {
  readonly search_query?: readonly SearchQuery[] | undefined;
  readonly image_query?: readonly SearchQuery[] | undefined;
  readonly open?: readonly OpenCommand[] | undefined;
  readonly click?: readonly ClickCommand[] | undefined;
  readonly find?: readonly FindCommand[] | undefined;
  readonly screenshot?: readonly ScreenshotCommand[] | undefined;
  readonly finance?: readonly FinanceCommand[] | undefined;
  readonly weather?: readonly WeatherCommand[] | undefined;
  readonly sports?: readonly SportsCommand[] | undefined;
  readonly time?: readonly TimeCommand[] | undefined;
  readonly response_length?: "short" | "medium" | "long" | undefined;
}
