/** About where the user is. */
export interface SearchLocation {
  readonly type: "approximate";
  /** Two letters, such as `US`. */
  readonly country?: string | undefined;
  readonly region?: string | undefined;
  readonly city?: string | undefined;
  /** Such as `America/Los_Angeles`. */
  readonly timezone?: string | undefined;
}

/** Who may call the search. */
export type SearchCaller = "direct" | "shell" | "code_interpreter";

/** How a search is carried out. What is not set is left out. */
export interface SearchSettings {
  readonly user_location?: SearchLocation | undefined;
  readonly search_context_size?: "low" | "medium" | "high" | undefined;
  readonly filters?:
    | {
        readonly allowed_domains?: readonly string[] | undefined;
        readonly blocked_domains?: readonly string[] | undefined;
      }
    | undefined;
  readonly image_settings?:
    | { readonly max_results?: number | undefined; readonly caption?: boolean | undefined }
    | undefined;
  readonly allowed_callers?: readonly SearchCaller[] | undefined;
  /** Whether pages are fetched; `indexed` and `cached` are answered from what the service already has. */
  readonly external_web_access?: boolean | "cached" | "indexed" | "live" | undefined;
}
