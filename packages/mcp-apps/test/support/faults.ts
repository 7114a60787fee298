import type { ServerResponse } from "node:http";
import type { AppsServer, ReceivedCall } from "./apps-server.js";

/**
 * Has the server answer something else.
 *
 * @param method - Of the JSON-RPC message, or `GET` or `DELETE`.
 */
export function answerWith(
  server: AppsServer,
  method: string,
  respond: (response: ServerResponse, call: ReceivedCall) => void,
  times = Number.POSITIVE_INFINITY,
): void {
  let left = times;
  server.faults.push((call, response) => {
    if (left === 0 || (call.message.method ?? call.method) !== method) return false;
    left -= 1;
    respond(response, call);
    return true;
  });
}

/** A status with a body. */
export function status(code: number, body = "", headers: Record<string, string | string[]> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(code, headers).end(body);
  };
}

/** The connection ends without an answer. */
export function lost(response: ServerResponse): void {
  response.destroy();
}

/** Nothing comes, and the connection stays. */
export function stall(): void {}

export const htmlPage = status(403, "<!doctype html><title>Just a moment</title>", {
  "content-type": "text/html",
});

/** An event stream that begins with these frames and then breaks off, or ends. */
export function events(frames: string, end: "cut" | "end" | "open") {
  return (response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(frames, () => {
      if (end === "cut") response.destroy();
      if (end === "end") response.end();
    });
  };
}
