import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";

/** What a server said. */
export interface Told {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** Sends a GET with exactly these headers, also those that `fetch` keeps for itself. */
export async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Told> {
  const asking = request(url, { headers, agent: false });
  asking.end();
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk as string;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
