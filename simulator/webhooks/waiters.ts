/** Lets callers wait for a condition that only certain steps can bring about. */
export interface Waiters {
  /** Has every waiting caller look again. */
  readonly step: () => void;
  /** Resolves once the condition holds; throws the sentence when it does not within so many real milliseconds. */
  until(isMet: () => boolean, timeoutMs: number, sentence: string): Promise<void>;
}

export function createWaiters(): Waiters {
  const waiting = new Set<() => void>();
  return {
    step() {
      for (const look of waiting) look();
    },
    until(isMet, timeoutMs, sentence) {
      if (isMet()) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const end = (finish: () => void) => {
          clearTimeout(deadline);
          waiting.delete(look);
          finish();
        };
        const look = () => {
          if (isMet()) end(resolve);
        };
        const deadline = setTimeout(() => end(() => reject(new Error(sentence))), timeoutMs);
        waiting.add(look);
      });
    },
  };
}
