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
    return setTimeout(ring, Math.ceil(Math.max(0, (wait.dueMs - nowMs()) / speed))).unref();
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
