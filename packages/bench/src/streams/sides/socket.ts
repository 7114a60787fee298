// The cost of the connection alone: a socket that wrote a request and keeps what it got to itself.
import { once } from "node:events";
import { connect } from "node:net";
import type { Contestant } from "../../contest/contestant.ts";
import { holdStreams, type StreamsInput, type StreamsOutcome } from "../held-streams.ts";

export async function createContestant(): Promise<Contestant<StreamsInput, StreamsOutcome>> {
  return holdStreams(async (baseUrl) => {
    const { hostname, port, pathname } = new URL(`${baseUrl}/responses`);
    const socket = connect(Number(port), hostname);
    socket.write(`POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 0\r\n\r\n`);
    await once(socket, "data");
    return () => socket.destroy();
  });
}
