import type { ErrorPageText } from "./sign-in-failure.js";

/** What the success page is told by its address. */
export interface SuccessPageOptions {
  /** Shorter words, for programs that come to the front by themselves. */
  readonly isStreamlined: boolean;
}

/** The page that ends a sign-in that worked. */
export function successPage({ isStreamlined }: SuccessPageOptions): string {
  const hint = isStreamlined
    ? "You can close this page."
    : "You are signed in. You can close this page and go back to the program that asked for it.";
  return page("Signed in to Codex", `<h1>Signed in to Codex</h1><p>${hint}</p>`);
}

/** The page that ends a sign-in that did not work. */
export function errorPage({ title, message, code, description, help }: ErrorPageText): string {
  const details = description === message ? "" : `<p>${escapeHtml(description)}</p>`;
  return page(
    escapeHtml(title),
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p>${details}` +
      `<p>Error code: <code>${escapeHtml(code)}</code></p><p>${escapeHtml(help)}</p>`,
  );
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text safe between tags and in attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem;color-scheme:light dark}" +
  "h1{font-size:1.4rem}code{font-size:.9em}";

function page(title: string, body: string): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<title>${title}</title><style>${style}</style></head><body><main>${body}</main></body></html>`
  );
}
