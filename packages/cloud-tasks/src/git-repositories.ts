import { runGit } from "@codex-ts/git-apply";
import { askGit, type GitQuestion } from "./git-question.js";

/** A repository on GitHub. */
export interface GitHubRepository {
  readonly owner: string;
  readonly repo: string;
}

/**
 * Finds the repositories on GitHub that a working tree has as remotes (spec/backend.md §6.2), sorted, each once. Nothing
 * else of their URLs is kept: they can hold credentials.
 *
 * @throws {@link CloudTasksError} of kind `aborted`. Without git, or outside of a repository, there are none.
 */
export async function gitHubRepositories(question: GitQuestion): Promise<readonly GitHubRepository[]> {
  return askGit([], async () => {
    const { stdout: configured } = await runGit(
      ["config", "--get-regexp", String.raw`^remote\..*\.url$`],
      question,
    );
    const found = unique(configured.split("\n").map((line) => line.slice(line.indexOf(" ") + 1)));
    if (found.length > 0) return found;
    // Here git has replaced the beginnings of URLs as it is configured to.
    const { stdout: shown } = await runGit(["remote", "--verbose"], question);
    return unique(shown.split("\n").map((line) => line.split(/\s+/)[1] ?? ""));
  });
}

function unique(urls: readonly string[]): GitHubRepository[] {
  const known = new Map<string, GitHubRepository>();
  for (const url of urls) {
    const repository = parseGitHubRemote(url);
    if (repository !== undefined) known.set(`${repository.owner}/${repository.repo}`, repository);
  }
  return [...known].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, repository]) => repository);
}

/** Reads the URL of a remote on GitHub, in any of the forms that git takes. */
export function parseGitHubRemote(url: string): GitHubRepository | undefined {
  const [, path] =
    /^(?:(?:https?|git|ssh):\/\/(?:[^/@\s]*@)?github\.com(?::\d+)?\/|(?:ssh:\/\/)?[^/@\s]+@github\.com:|github\.com\/)(.+)$/i.exec(
      url.trim(),
    ) ?? [];
  const [, owner, repo] = /^\/*([^/]+)\/(.+?)(?:\.git|\/)*$/.exec(path ?? "") ?? [];
  return owner === undefined || repo === undefined ? undefined : { owner, repo };
}
