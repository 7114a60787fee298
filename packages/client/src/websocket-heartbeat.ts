/** What a heartbeat does with its connection. */
export interface HeartbeatOptions {
  readonly ping: () => void;
  /** Whether a sign of life would be noticed now. */
  readonly isReading: () => boolean;
  readonly onDead: () => void;
}

/**
 * Sends a ping in each interval, and reports a connection that gave no sign of life for one.
 *
 * @param intervalMs - 0 and Infinity: no heartbeat.
 */
export function startHeartbeat(
  intervalMs: number,
  { ping, isReading, onDead }: HeartbeatOptions,
): { readonly onLife: () => void; readonly stop: () => void } {
  let isWaiting = false;
  const beat = (): void => {
    if (!isReading()) return;
    if (isWaiting) {
      onDead();
      return;
    }
    isWaiting = true;
    ping();
  };
  const isOn = intervalMs > 0 && intervalMs <= longestTimerMs;
  const timer = isOn ? setInterval(beat, intervalMs) : undefined;
  return {
    onLife() {
      isWaiting = false;
    },
    stop() {
      clearInterval(timer);
    },
  };
}

const longestTimerMs = 2 ** 31 - 1;
