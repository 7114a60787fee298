/** The answer of `GET …/workspace-messages`. */
export interface WorkspaceMessageList {
  readonly messages: readonly WorkspaceMessage[];
}

/** What kind of message it is; one that is not known is `unknown`. */
export type WorkspaceMessageType = "headline" | "announcement" | "unknown";

/** A message that a workspace shows to its members. */
export interface WorkspaceMessage {
  readonly message_id: string;
  readonly message_type: WorkspaceMessageType;
  readonly message_body: string;
  /** RFC 3339, as the server wrote it. */
  readonly created_at: string | null;
  readonly archived_at: string | null;
}
