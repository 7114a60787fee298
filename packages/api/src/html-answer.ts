/**
 * Tells whether an answer is a web page: a proxy's, a login's or a bot challenge's, not the API's.
 *
 * @param body - As much of the text as is known.
 */
export function isHtmlAnswer(headers: Headers | undefined, body: string | undefined): boolean {
  const contentType = headers?.get("content-type") ?? "";
  return htmlType.test(contentType) || htmlStart.test(body ?? "");
}

const htmlType = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i;
const htmlStart = /^\s*<(?:!doctype|html)\b/i;
