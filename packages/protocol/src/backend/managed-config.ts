/** The answer of `GET …/config/bundle`: what a workspace prescribes. A section that is missing is empty. */
export interface ConfigBundle {
  readonly config_toml: ConfigSection;
  readonly requirements_toml: ConfigSection;
}

/** Fragments of one file. */
export interface ConfigSection {
  /** As delivered: the highest priority first. */
  readonly enterprise_managed: readonly ConfigFragment[];
}

/** A piece of TOML. */
export interface ConfigFragment {
  readonly id: string;
  readonly name: string;
  readonly contents: string;
}

/** The answer of `GET …/config/requirements`, which came before the bundle. What is not said is `null`. */
export interface ConfigRequirements {
  /** TOML. */
  readonly contents: string | null;
  readonly sha256: string | null;
  readonly updated_at: string | null;
  readonly updated_by_user_id: string | null;
}
