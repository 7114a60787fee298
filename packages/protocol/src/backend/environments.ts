/** An environment in which tasks run in the cloud. */
export interface CloudEnvironment {
  readonly id: string;
  readonly label: string | null;
  readonly is_pinned: boolean | null;
  readonly task_count: number | null;
}
