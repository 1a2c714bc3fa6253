import { BlockList } from 'node:net';
import Router from '@koa/router';
import type { Context } from 'koa';
import { AddonError } from '../../domain/errors.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { Readiness } from '../readiness.ts';

export interface OperationsRoutesDeps {
  readonly metrics: Metrics;
  readonly readiness: () => Promise<Readiness>;
}

/** For whoever runs the add-on: is it alive, can it work, what has it done. */
export function operationsRoutes({ metrics, readiness }: OperationsRoutesDeps): Router {
  const router = new Router({ strict: true, sensitive: true });

  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  router.get('/ready', async (ctx) => {
    const { ready, checks } = await readiness();
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'not_ready', checks };
  });

  router.get('/metrics', async (ctx) => {
    if (!isDirectNeighbour(ctx)) throw new AddonError('not_found', 'There is nothing at this address.');
    ctx.type = metrics.registry.contentType;
    ctx.body = await metrics.registry.metrics();
  });

  return router;
}

const forwardingHeaders = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

const neighbours = new BlockList();
neighbours.addSubnet('127.0.0.0', 8);
neighbours.addSubnet('10.0.0.0', 8);
neighbours.addSubnet('172.16.0.0', 12);
neighbours.addSubnet('192.168.0.0', 16);
neighbours.addSubnet('::1', 128, 'ipv6');
neighbours.addSubnet('fc00::', 7, 'ipv6');

/** A caller on this machine or network, not one whom a proxy let through from outside. */
function isDirectNeighbour({ req }: Context): boolean {
  const { remoteAddress = '', remoteFamily } = req.socket;
  if (forwardingHeaders.some((name) => req.headers[name] !== undefined)) return false;
  return neighbours.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4');
}
