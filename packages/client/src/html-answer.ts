/**
 * Tells whether an answer is a web page: a proxy's, a login's or a bot challenge's, not an API's. Some of them name no
 * type.
 *
 * @param body - As much of the text as is known.
 */
export function isHtmlAnswer(headers: Headers | undefined, body?: string): boolean {
  return htmlType.test(headers?.get("content-type") ?? "") || htmlStart.test(body ?? "");
}

const htmlType = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i;
const htmlStart = /^\s*<(?:!doctype|html)\b/i;
