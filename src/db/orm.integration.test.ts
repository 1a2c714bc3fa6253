import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startFaultProxy } from '../../scripts/faults/fault-proxy.ts';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { createOrm, withWorkspace } from './orm.ts';
import { query } from './sql.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm, owner);
  await install(mirror.orm, stranger);
});

const addonsOf = (workspaceId: string) =>
  withWorkspace(mirror.orm, workspaceId, (em) => query<{ addon_id: string }>(em, 'select addon_id from installations'));

describe('the transaction of a workspace', () => {
  it('gives back what its work gave', async () => {
    expect(await withWorkspace(mirror.orm, owner.workspaceId, () => Promise.resolve(7))).toBe(7);
  });

  it('leaves nothing behind when its work fails', async () => {
    const error = new Error('failed');
    const work = withWorkspace(mirror.orm, owner.workspaceId, async (em) => {
      await query(em, `update installations set status = 'inactive'`);
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(await mirror.rows('select distinct status from installations')).toEqual([{ status: 'active' }]);
  });

  it('never sees the rows of another one, in whatever order many of them share the connections', async () => {
    const owners = [owner, stranger];
    const turns = Array.from({ length: 400 }, (_, turn) => owners[turn % 3 === 0 ? 1 : 0] ?? owner);
    const seen = await Promise.all(
      turns.map(async ({ workspaceId }, turn) => {
        if (turn % 5 !== 0) return addonsOf(workspaceId);
        const failing = withWorkspace(mirror.orm, workspaceId, (em) =>
          query<{ addon_id: string }>(em, 'select broken'),
        );
        await expect(failing).rejects.toThrow('column "broken" does not exist');
        return addonsOf(workspaceId);
      }),
    );
    expect(seen.flat().map(({ addon_id: addonId }) => addonId)).toEqual(turns.map(({ addonId }) => addonId));
  });

  it('takes values as values', async () => {
    const quoted = `'; drop table installations; --`;
    await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
      query(em, 'update installations set api_url = $1', [quoted]),
    );
    expect(await mirror.rows('select api_url from installations where workspace_id = $1', [owner.workspaceId])).toEqual(
      [{ api_url: quoted }],
    );
  });
});

describe('a database that is away', () => {
  it('fails the first query and not the start', async () => {
    const away = new URL(mirror.url);
    away.port = '1';
    const orm = createOrm(away.href);
    await expect(query(orm.em.fork(), 'select 1')).rejects.toThrow('ECONNREFUSED');
    await orm.close(true);
  });
});

it('gives up a statement that takes too long', async () => {
  const orm = createOrm(mirror.url, { longestStatementMs: 300 });
  await expect(query(orm.em.fork(), 'select pg_sleep(60)')).rejects.toMatchObject({
    message: expect.stringContaining('statement timeout'),
  });
  await orm.close(true);
});

describe('a connection on which the database has fallen silent', () => {
  it('is given up, and the next query takes a new one', async () => {
    const url = new URL(mirror.url);
    const proxy = await startFaultProxy([Number(url.port)]);
    url.port = String(proxy.port);
    const orm = createOrm(url.href, { longestStatementMs: 300 });
    const ask = () => query<{ one: number }>(orm.em.fork(), 'select 1 as one');
    try {
      expect(await ask()).toEqual([{ one: 1 }]);
      proxy.freeze();
      await expect(ask()).rejects.toThrow('Connection terminated');
      expect(await ask()).toEqual([{ one: 1 }]);
    } finally {
      await orm.close(true);
      await proxy.close();
    }
  });
});
