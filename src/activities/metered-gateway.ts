import type { MikroORM } from '@mikro-orm/postgresql';
import { createClockifyClient } from '../clockify/client.ts';
import type { Config } from '../platform/config.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createBudgetWatch } from './budget-watch.ts';
import { createGateway } from './clockify-gateway.ts';
import type { Gateway } from './clockify-gateway.ts';

export interface MeteredGateway {
  readonly gateway: Gateway;
  readonly closeGateway: () => Promise<void>;
}

/** The way to Clockify as configured, with every call counted. Close it before the database. */
export function createMeteredGateway(config: Config, metrics: Metrics, orm: MikroORM): MeteredGateway {
  const client = createClockifyClient({
    allowedDomains: config.allowedApiDomains,
    onAnswer: (status, seconds) => {
      metrics.apiCalls.inc();
      metrics.apiCallDuration.observe({ status: classOf(status) }, seconds);
      if (status === null || status >= 400) metrics.apiCallsFailed.inc();
    },
  });
  const watch = createBudgetWatch();
  const gateway = createGateway({
    orm,
    client,
    hourlyLimit: config.rateLimitHourly ?? null,
    onSlot: (workspaceId, slot) => watch.note(workspaceId, slot),
    onWait: (seconds) => metrics.rateLimitWaitSeconds.inc(seconds),
    onRefusal: () => metrics.rateLimitEvents.inc(),
  });
  const { second, hour } = watch.used;
  metrics.budgetUsed.sampleFrom({ second, hour });
  metrics.budgetLeft.sampleFrom({ second: () => 1 - second(), hour: () => 1 - hour() });
  metrics.budgetWorkspaces.sampleFrom(watch.workspaces);
  return {
    gateway,
    async closeGateway() {
      await gateway.close();
      await client.close();
    },
  };
}

/** `2xx` and the like; `none`: no answer came. */
const classOf = (status: number | null): string => (status === null ? 'none' : `${Math.trunc(status / 100)}xx`);
