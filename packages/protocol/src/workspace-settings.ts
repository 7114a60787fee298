/** The answer of `GET …/accounts/<id>/settings`. */
export interface WorkspaceSettings {
  /** What is on trial in a workspace, by name; `enable_plugins` is on where it is missing. */
  readonly beta_settings: Readonly<Record<string, boolean>>;
}
