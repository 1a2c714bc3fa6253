interface RunningPart {
  readonly exited: Promise<number | NodeJS.Signals>;
  stop(): Promise<unknown>;
}

export type Launch = () => Promise<RunningPart>;

export interface Supervisor {
  /** Starts the parts together; each is started again when it ends by itself, as an orchestrator would. */
  startTogether(parts: Readonly<Record<string, Launch>>): Promise<void>;
  /** Stops the latest started first; parts started together stop together. */
  stopAll(): Promise<void>;
  /** Rejects when a part cannot be kept running; never resolves. */
  readonly failed: Promise<never>;
}

/** A part that ends sooner than this would only end again. */
const shortestLifeMs = 3000;

export function createSupervisor(log: (line: string) => void, now: () => number = Date.now): Supervisor {
  const groups: Map<string, RunningPart>[] = [];
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  let stopping = false;

  async function run(name: string, launch: Launch, group: Map<string, RunningPart>): Promise<void> {
    const part = await launch();
    if (stopping) return void (await part.stop());
    group.set(name, part);
    const startedAt = now();
    void part.exited.then((how) => {
      if (stopping) return;
      if (now() - startedAt < shortestLifeMs) return failure.reject(new Error(`${name} ended at once (${how})`));
      log(`${name} ended (${how}), starting it again`);
      run(name, launch, group).catch(failure.reject);
    });
  }

  return {
    failed: failure.promise,
    async startTogether(parts) {
      const group = new Map<string, RunningPart>();
      groups.push(group);
      await Promise.all(Object.entries(parts).map(([name, launch]) => run(name, launch, group)));
    },
    async stopAll() {
      stopping = true;
      for (const group of groups.toReversed()) await Promise.all([...group.values()].map((part) => part.stop()));
    },
  };
}
