import type { Gateway } from '../../src/activities/clockify-gateway.ts';

export type Stage = ReturnType<typeof createStage>;

/** The time of a history: its steps, for which what is on its way waits. */
export function createStage() {
  let now = 0;
  let waiting: { readonly until: number; readonly resolve: () => void }[] = [];
  let heldAnswers = 0;

  function moveTo(step: number): void {
    now = step;
    for (const { until, resolve } of waiting) if (until <= now) resolve();
    waiting = waiting.filter(({ until }) => until > now);
  }

  const reach = (until: number): Promise<void> =>
    until <= now ? Promise.resolve() : new Promise((resolve) => waiting.push({ until, resolve }));

  return {
    step: (): void => moveTo(now + 1),
    /** Resolves so many steps from now, or at the end. */
    after: (steps: number): Promise<void> => reach(now + steps),
    /** From now on nothing waits. */
    end: (): void => moveTo(Infinity),
    heldAnswers: (): number => heldAnswers,

    /**
     * A gateway whose answers arrive so many steps late, one after the other. They say what was so when Clockify was
     * asked. `asked` resolves with the first answer that is on its way.
     */
    delayAnswers(
      gateway: Gateway,
      steps: readonly number[],
    ): { readonly gateway: Gateway; readonly asked: Promise<void> } {
      const delays = [...steps];
      const { promise: asked, resolve } = Promise.withResolvers<void>();
      const call: Gateway['call'] = async (request) => {
        const until = now + (delays.shift() ?? 0);
        if (until > now) heldAnswers += 1;
        try {
          return await gateway.call(request);
        } finally {
          resolve();
          await reach(until);
        }
      };
      return { gateway: { call }, asked };
    },
  };
}
