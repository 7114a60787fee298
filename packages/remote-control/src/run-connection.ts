import { isTransportError, type WebSocketConnection } from "@codex-ts/client";
import type { ControlChannel } from "./control-channel.js";
import type { Limits } from "./limits.js";
import { isRemoteControlError, RemoteControlError } from "./remote-control-error.js";

/** How a connection has ended. */
export interface ConnectionEnd {
  /** Nothing when it was ended from here. */
  readonly error: RemoteControlError | undefined;
  /** Whether the backend has sent anything. */
  readonly wasUsed: boolean;
}

/** About so much is handed to the socket at a time. */
const writeBytes = 64 * 1024;
const closeTimeoutMs = 1000;

/**
 * Serves a connection until it ends or the signal fires: sends what has to be sent, and hands on what comes. Never
 * rejects. Nothing of the connection is left afterwards.
 */
export async function runConnection(
  connection: WebSocketConnection,
  channel: ControlChannel,
  { limits, signal }: { readonly limits: Limits; readonly signal: AbortSignal },
): Promise<ConnectionEnd> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  let failure: unknown;
  let wasUsed = false;
  const worker = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!over.signal.aborted) failure = error;
    } finally {
      over.abort();
    }
  };
  const ended = new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve()));
  channel.sweep();
  const sweeping = setInterval(() => channel.sweep(), limits.clientSweepMs);
  const working = Promise.all([
    worker(read(connection, channel, over.signal, () => (wasUsed = true))),
    worker(write(connection, channel, over.signal)),
  ]);
  if (!over.signal.aborted) await ended;
  clearInterval(sweeping);
  signal.removeEventListener("abort", stop);
  if (failure === undefined) await connection.close({ timeoutMs: closeTimeoutMs });
  // Also wakes whichever of the two still waits for the socket.
  connection.terminate();
  await working;
  return { error: failure === undefined ? undefined : toConnectionError(failure), wasUsed };
}

async function read(
  connection: WebSocketConnection,
  channel: ControlChannel,
  signal: AbortSignal,
  onText: () => void,
): Promise<void> {
  // Pings find out about a dead connection, so that silence is no reason to end one.
  for await (const texts of connection.messages({ idleTimeoutMs: 0 })) {
    onText();
    for (const text of texts) {
      if (signal.aborted) return;
      await channel.accept(text, signal);
    }
  }
}

async function write(
  connection: WebSocketConnection,
  { outbox }: ControlChannel,
  signal: AbortSignal,
): Promise<void> {
  outbox.restart();
  for (;;) {
    const texts = await outbox.nextTexts(writeBytes, signal);
    if (texts.length === 0) return;
    await Promise.all(texts.map((text) => connection.send(text)));
  }
}

function toConnectionError(error: unknown): RemoteControlError {
  if (isRemoteControlError(error)) return error;
  if (isTransportError(error) && error.code === "websocket_ping")
    return new RemoteControlError("remote control websocket pong timeout", {
      kind: "timed_out",
      cause: error,
    });
  const reason = error instanceof Error ? error.message : String(error);
  return new RemoteControlError(`remote control websocket ended: ${reason}`, { kind: "other", cause: error });
}
