import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createGateway } from '../../src/activities/clockify-gateway.ts';
import type { Gateway, GatewayAnswer, GatewayCall } from '../../src/activities/clockify-gateway.ts';
import { createClockifyClient } from '../../src/clockify/client.ts';
import { Secret } from '../../src/platform/secret.ts';
import { openTestMirror } from './mirror.ts';
import type { TestMirror } from './mirror.ts';

type OwnGateway = ReturnType<typeof createGateway>;

/** The way to a Clockify that is an HTTP server of the test. */
export interface TestGateway {
  readonly mirror: TestMirror;
  readonly origin: string;
  /** When each request reached the server, in milliseconds. */
  readonly ledger: readonly number[];
  /** Seconds, as told. */
  readonly waits: readonly number[];
  readonly refusals: number;
  answerWith(handler: RequestListener): void;
  /** 429 to the next request, `[]` to those after it. */
  refuseOnce(headers?: Record<string, string>): void;
  open(orm: MikroORM, hourlyLimit?: number | null): OwnGateway;
  call(changes?: Partial<GatewayCall>, through?: Gateway): Promise<GatewayAnswer>;
  /** What is stored of the workspace; `answered`: grants whose answers were reported. */
  budget(): Promise<Record<string, unknown> | undefined>;
  endPause(): Promise<unknown>;
  /** Begins with a workspace of its own: answers are also reported a moment after a call. */
  reset(): void;
  close(): Promise<void>;
}

export async function openTestGateway(): Promise<TestGateway> {
  const mirror = await openTestMirror();
  let workspaceId = randomUUID();
  let handler: RequestListener = () => {};
  let ledger: number[] = [];
  let waits: number[] = [];
  let refusals = 0;
  const server = createServer((request, response) => {
    ledger.push(performance.now());
    handler(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClockifyClient({ allowedDomains: [origin] });
  const opened: OwnGateway[] = [];
  function open(orm: MikroORM, hourlyLimit: number | null = null): OwnGateway {
    const onWait = (seconds: number) => waits.push(seconds);
    const gateway = createGateway({ orm, client, hourlyLimit, onWait, onRefusal: () => (refusals += 1) });
    opened.push(gateway);
    return gateway;
  }
  const own = open(mirror.orm);

  return {
    mirror,
    origin,
    get ledger() {
      return ledger;
    },
    get waits() {
      return waits;
    },
    get refusals() {
      return refusals;
    },
    open,
    answerWith: (given) => void (handler = given),
    refuseOnce(headers = {}) {
      handler = (_, response) => {
        response.writeHead(429, headers).end();
        handler = (__, next) => void next.end('[]');
      };
    },
    call: (changes = {}, through = own) =>
      through.call({
        method: 'GET',
        url: new URL('/v1/tags', origin),
        credential: { kind: 'addon', secret: new Secret('token') },
        workspaceId,
        lane: 'interactive',
        requestsPerSecond: 48,
        maxWaitMs: 10_000,
        ...changes,
      }),
    async budget() {
      const [row] = await mirror.rows(
        `select grants, refusals, (select count(*)::int from unnest(answered_at, holders) as places (at, holder)
           where holder = 0 and at > '-infinity') as answered
         from rate_limits where workspace_id = $1`,
        [workspaceId],
      );
      return row;
    },
    endPause: () =>
      mirror.rows(
        `update rate_limits set next_slot_at = clock_timestamp(), interactive_slot_at = clock_timestamp(),
           paused_until = clock_timestamp() where workspace_id = $1`,
        [workspaceId],
      ),
    reset() {
      workspaceId = randomUUID();
      handler = (_, response) => void response.end('[{"id":"t1"}]');
      ledger = [];
      waits = [];
      refusals = 0;
    },
    async close() {
      await Promise.all(opened.map((gateway) => gateway.close()));
      await client.close();
      server.close();
      server.closeAllConnections();
      await mirror.close();
    },
  };
}
