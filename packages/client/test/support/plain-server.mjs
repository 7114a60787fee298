// A server for a client in another process, so that its sockets do not count there.
import { createServer } from "node:http";

const server = createServer({ keepAliveTimeout: 0 }, ({ url }, response) => {
  if (url === "/stall") return;
  if (url === "/500") response.writeHead(500).end();
  else if (url === "/end") response.end("data");
  else response.writeHead(200).write("data");
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${server.address().port}`));
