import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from '@temporalio/client';
import { createTestDatabase } from '../../test/support/postgres.ts';
import type { TestDatabase } from '../../test/support/postgres.ts';
import { testTemporal } from '../../test/support/temporal.ts';
import { createOrm } from '../db/orm.ts';
import { createReadiness } from './readiness.ts';
import { createTemporalClient } from './temporal.ts';

let database: TestDatabase;
let orm: MikroORM;
let admin: TestDatabase['admin'];
let temporal: Client;
const absentOrm = createOrm('postgresql://x:x@127.0.0.1:1/x');
const absentTemporal = createTemporalClient({ address: '127.0.0.1:1', namespace: 'default' });

beforeAll(async () => {
  database = await createTestDatabase();
  orm = createOrm(database.url);
  ({ admin } = database);
  temporal = createTemporalClient({ ...(await testTemporal()), namespace: 'default' });
});
afterAll(async () => {
  await Promise.all([orm.close(true), absentOrm.close(true)]);
  await Promise.all([temporal.connection.close(), absentTemporal.connection.close()]);
  await database.drop();
});

const withPollers = (pollers: unknown[]) =>
  ({
    workflowService: {
      getSystemInfo: () => Promise.resolve({}),
      describeTaskQueue: () => Promise.resolve({ pollers }),
    },
    options: { namespace: 'default' },
    withDeadline: <T>(_: number, work: () => Promise<T>) => work(),
  }) as unknown as Client;
const withWorker = (secondsAgo: number) =>
  withPollers([{ lastAccessTime: { seconds: Math.floor(Date.now() / 1000) - secondsAgo } }]);

describe('ready', () => {
  it('when database, Temporal, worker, schema and clock are all right', async () => {
    const { ready, checks } = await createReadiness({ orm, temporal: withWorker(3) })();
    expect(checks).toMatchObject({
      database: { ok: true },
      clock: { ok: true, skewSeconds: expect.any(Number) },
      migrations: { ok: true, expected: expect.stringMatching(/^Migration\d+$/) },
      temporal: { ok: true },
      worker: { ok: true, pollAgeSeconds: expect.any(Number) },
    });
    expect(ready).toBe(true);
  });

  it.each([20, -20])('with a clock that is %i seconds ahead of the database', async (seconds) => {
    const clock = () => Date.now() + seconds * 1000;
    const { ready } = await createReadiness({ orm, temporal: withWorker(3), clock })();
    expect(ready).toBe(true);
  });

  it('is what a real Temporal server makes of its own part', async () => {
    const { checks } = await createReadiness({ orm, temporal })();
    expect(checks.temporal).toEqual({ ok: true });
  });
});

describe('not ready', () => {
  it('while nobody polls the task queue', async () => {
    const { ready, checks } = await createReadiness({ orm, temporal: withPollers([]) })();
    expect(checks).toMatchObject({ temporal: { ok: true }, worker: { ok: false } });
    expect(ready).toBe(false);
  });

  it('when the worker has not polled for minutes', async () => {
    const { ready, checks } = await createReadiness({ orm, temporal: withWorker(300) })();
    expect(checks.worker).toMatchObject({ ok: false });
    expect(ready).toBe(false);
  });

  it('while the database is away', async () => {
    const { ready, checks } = await createReadiness({ orm: absentOrm, temporal: withWorker(3) })();
    expect(checks).toMatchObject({ database: { ok: false }, clock: { ok: false }, migrations: { ok: false } });
    expect(checks.temporal).toEqual({ ok: true });
    expect(ready).toBe(false);
  });

  it('while Temporal is away', async () => {
    const { ready, checks } = await createReadiness({ orm, temporal: absentTemporal })();
    expect(checks).toMatchObject({ database: { ok: true }, temporal: { ok: false }, worker: { ok: false } });
    expect(ready).toBe(false);
  });

  it.each([40, -40, 7_200, -7_200])('with a clock that is %i seconds ahead of the database', async (seconds) => {
    const clock = () => Date.now() + seconds * 1000;
    const { ready, checks } = await createReadiness({ orm, temporal: withWorker(3), clock })();
    expect(checks).toMatchObject({ database: { ok: true }, clock: { ok: false, skewSeconds: expect.any(Number) } });
    expect(ready).toBe(false);
  });

  it('while a migration is missing', async () => {
    await admin.query(`update mikro_orm_migrations set name = 'Migration0'`);
    const { ready, checks } = await createReadiness({ orm, temporal: withWorker(3) })();
    expect(checks.migrations).toMatchObject({ ok: false, applied: 'Migration0' });
    expect(ready).toBe(false);
  });
});

it('is asked once a second at most, however many ask', async () => {
  const check = createReadiness({ orm, temporal: withWorker(3) });
  const [first, second] = [check(), check()];
  expect(second).toBe(first);
  await first;
});
