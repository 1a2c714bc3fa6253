import type { MikroORM } from '@mikro-orm/postgresql';
import { createClockifyClient } from '../clockify/client.ts';
import type { ClockifyClient } from '../clockify/client.ts';
import type { Config } from '../platform/config.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createGateway } from './clockify-gateway.ts';
import type { Gateway } from './clockify-gateway.ts';

/** The way to Clockify as configured, with every call counted. Close the client when the process ends. */
export function createMeteredGateway(
  config: Config,
  metrics: Metrics,
  orm: MikroORM,
): { gateway: Gateway; client: ClockifyClient } {
  const client = createClockifyClient({
    allowedDomains: config.allowedApiDomains,
    onAnswer: (status) => {
      metrics.apiCalls.inc();
      if (status === null || status >= 400) metrics.apiCallsFailed.inc();
    },
  });
  const gateway = createGateway({
    orm,
    client,
    hourlyLimit: config.rateLimitHourly ?? null,
    onWait: (seconds) => metrics.rateLimitWaitSeconds.inc(seconds),
    onRefusal: () => metrics.rateLimitEvents.inc(),
  });
  return { gateway, client };
}
