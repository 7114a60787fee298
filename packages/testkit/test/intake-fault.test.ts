import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";

let backend: Backend;
let socket: Socket;
beforeEach(async () => {
  backend = await startBackend();
  const { hostname, port } = new URL(backend.urls.origin);
  socket = connect(Number(port), hostname);
  await once(socket, "connect");
});
afterEach(async () => {
  socket.destroy();
  await backend.close();
});

function send(length: number, body: string): void {
  socket.write(`PUT /blobs/x HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${body}`);
}

test("stops reading after so many bytes, and keeps the connection", async () => {
  backend.fault({ kind: "stop_reading", afterBytes: 4, path: /^\/blobs/ });
  send(10, "0123");
  const [request] = await backend.waitForRequests(1);
  expect(request?.rawBody.toString()).toBe("0123");
  // What is sent now stays where it is.
  socket.write("456789");
  expect(backend.openSockets).toBe(1);
  socket.destroy();
  expect(await request?.outcome).toBe("aborted");
  expect(request?.status).toBeUndefined();
});

test("resets the connection after so many bytes", async () => {
  backend.fault({ kind: "reset_reading", afterBytes: 4, path: /^\/blobs/ });
  const failed = once(socket, "error");
  send(10, "01");
  socket.write("23");
  const [error] = await failed;
  expect((error as NodeJS.ErrnoException).code).toBe("ECONNRESET");
  expect(await backend.requests[0]?.outcome).toBe("cut");
  expect(backend.requests[0]?.rawBody.toString()).toBe("0123");
});

test("looks at nothing of the body when the count is 0, and at all of it when it is shorter", async () => {
  backend.fault({ kind: "stop_reading", afterBytes: 0, path: /^\/blobs/ });
  send(10, "0123");
  expect((await backend.waitForRequests(1))[0]?.rawBody).toHaveLength(0);
  backend.fault({ kind: "reset_reading", afterBytes: 100, path: /^\/responses$/ });
  const response = fetch(`${backend.urls.origin}/responses`, { method: "POST", body: "short" });
  await expect(response).rejects.toThrow("fetch failed");
  expect(backend.requests[1]?.rawBody.toString()).toBe("short");
});

test("takes no fault that is for another path, for WebSockets, or for answers", async () => {
  backend.fault({ kind: "stop_reading", afterBytes: 0, path: "/other" });
  backend.fault({ kind: "stop_reading", afterBytes: 0, path: "/blobs/x", over: "websocket" });
  backend.fault({ kind: "status", status: 418, path: "/blobs/x" });
  const response = await fetch(`${backend.urls.origin}/blobs/x`, { method: "PUT", body: "0123" });
  expect(response.status).toBe(418);
});

test.each([-1, 0.5])("refuses to stop after %d bytes", (afterBytes) => {
  expect(() => backend.fault({ kind: "stop_reading", afterBytes })).toThrow(TypeError);
});
