// The server's own process: its CPU time belongs to nobody who is measured.
import type { AddressInfo } from "node:net";
import { answerTo } from "./answers.ts";
import { createRawServer } from "./raw-server.ts";

const server = createRawServer(answerTo);
server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ origin: `http://127.0.0.1:${port}` });
});
process.on("disconnect", () => process.exit());
