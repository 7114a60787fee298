/** What a heartbeat does with its connection. */
export interface HeartbeatOptions {
  readonly ping: () => void;
  /** Whether a sign of life would be noticed now. */
  readonly isReading: () => boolean;
  readonly onDead: () => void;
}

/** How often a ping is sent, and how long a connection may give no sign of life. */
export interface HeartbeatLimits {
  /** 0 and Infinity: no heartbeat. */
  readonly pingIntervalMs: number;
  /** Counted in whole intervals. */
  readonly pingTimeoutMs: number;
}

/** Sends a ping in each interval, and reports a connection that gave no sign of life for too many of them. */
export function startHeartbeat(
  { pingIntervalMs: intervalMs, pingTimeoutMs }: HeartbeatLimits,
  { ping, isReading, onDead }: HeartbeatOptions,
): { readonly onLife: () => void; readonly stop: () => void } {
  const mostUnanswered = Math.max(1, Math.ceil(pingTimeoutMs / intervalMs));
  let unanswered = 0;
  const beat = (): void => {
    if (!isReading()) return;
    if (unanswered >= mostUnanswered) {
      onDead();
      return;
    }
    unanswered += 1;
    ping();
  };
  const isOn = intervalMs > 0 && intervalMs <= longestTimerMs;
  const timer = isOn ? setInterval(beat, intervalMs) : undefined;
  return {
    onLife() {
      unanswered = 0;
    },
    stop() {
      clearInterval(timer);
    },
  };
}

const longestTimerMs = 2 ** 31 - 1;
