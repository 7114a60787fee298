export interface WorkspacePackage {
  readonly directory: string;
  // biome-ignore lint/suspicious/noExplicitAny: a manifest is whatever its package.json holds.
  readonly manifest: any;
  readonly tags: readonly string[];
}
export const root: string;
export function workspacePackages(folder?: string): WorkspacePackage[];
export function publicPackages(): WorkspacePackage[];
