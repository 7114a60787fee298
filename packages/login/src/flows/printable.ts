const longestShown = 300;

/**
 * Prepares text from the other side for a message: on one line, without control characters that could forge a line
 * of a log or steer a terminal, without the secrets that the other side was sent, and not too long.
 */
export function printable(text: string, secrets: readonly string[] = []): string {
  let shown = text.trim();
  for (const secret of secrets) {
    for (const spelling of spellings(secret)) shown = shown.replaceAll(spelling, "[redacted]");
  }
  if (shown.length > longestShown) shown = `${shown.slice(0, longestShown)}…`;
  return shown.replace(unprintable, " ");
}

/** The forms in which a server may echo what it was sent. */
function spellings(secret: string): ReadonlySet<string> {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return new Set(forms.filter((form) => form !== ""));
}

// Control and format characters (among them those that turn the direction of text), line separators, half characters.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
