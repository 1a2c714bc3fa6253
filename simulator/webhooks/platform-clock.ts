/** Waits in the platform's milliseconds, of which `speed` pass in a real one. */
export interface PlatformClock {
  /** Runs after so many milliseconds, unless the clock is stopped before. */
  after(ms: number, run: () => void): void;
  /** Waits under way. */
  readonly waiting: number;
  /** Also shortens or lengthens the waits under way. */
  setSpeed(speed: number): void;
  /** Forgets every wait. */
  stop(): void;
}

interface Wait {
  readonly dueMs: number;
  readonly run: () => void;
  timer: NodeJS.Timeout;
}

/** The longest that a timer of Node can wait: told more, it waits one millisecond. */
const longestTimerMs = 2 ** 31 - 1;

/** `onRing` is called after each wait that has ended. */
export function createPlatformClock(initialSpeed: number, onRing: () => void): PlatformClock {
  let speed = initialSpeed;
  let since = performance.now();
  let sinceMs = 0;
  const waits = new Set<Wait>();

  const nowMs = () => sinceMs + (performance.now() - since) * speed;

  function arm(wait: Wait): NodeJS.Timeout {
    const ring = () => {
      waits.delete(wait);
      wait.run();
      onRing();
    };
    const realMs = Math.ceil(Math.max(0, (wait.dueMs - nowMs()) / speed));
    const end = realMs > longestTimerMs ? () => void (wait.timer = arm(wait)) : ring;
    return setTimeout(end, Math.min(realMs, longestTimerMs)).unref();
  }

  return {
    after(ms, run) {
      const wait = { dueMs: nowMs() + ms, run } as Wait;
      wait.timer = arm(wait);
      waits.add(wait);
    },
    get waiting() {
      return waits.size;
    },
    setSpeed(next) {
      [sinceMs, since] = [nowMs(), performance.now()];
      speed = next;
      for (const wait of waits) {
        clearTimeout(wait.timer);
        wait.timer = arm(wait);
      }
    },
    stop() {
      for (const { timer } of waits) clearTimeout(timer);
      waits.clear();
    },
  };
}
