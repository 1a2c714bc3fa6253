import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { AddonError } from '../domain/errors.ts';
import { withWorkspace } from './orm.ts';
import { closeRun, saveControl, saveLastError, saveOutcome } from './runs.ts';

const tags = { workspaceId: owner.workspaceId, runId: firstRun.runId, entity: 'tags', loop: 0 } as const;

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
  await startRun(mirror.orm);
});

const job = async () => {
  const [row] = await mirror.rows('select * from bootstrap_jobs');
  return row;
};
const endpoint = async () => {
  const [row] = await mirror.rows(`select * from bootstrap_endpoints where entity = 'tags'`);
  return row;
};

describe('an order', () => {
  it('pauses and lets go on', async () => {
    await saveControl(mirror.orm, firstRun, { paused: true, version: 1 });
    expect(await job()).toMatchObject({ paused: true, status: 'PAUSED', control_version: 1 });
    await saveControl(mirror.orm, firstRun, { paused: false, version: 2 });
    expect(await job()).toMatchObject({ paused: false, status: 'RUNNING', control_version: 2 });
  });

  it.each([2, 1])('of version %i is void after version 2', async (version) => {
    await saveControl(mirror.orm, firstRun, { paused: true, version: 2 });
    await saveControl(mirror.orm, firstRun, { paused: false, version });
    expect(await job()).toMatchObject({ paused: true, control_version: 2 });
  });

  it('is void after the end of the run', async () => {
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    await saveControl(mirror.orm, firstRun, { paused: true, version: 1 });
    expect(await job()).toMatchObject({ paused: false, status: 'COMPLETED' });
  });
});

describe('the outcome of a kind of rows', () => {
  it('is kept with its proof', async () => {
    const outcome = { state: 'read', complete: true, reason: null, expected: 3, stored: 3, evidence: 'count' } as const;
    await withWorkspace(mirror.orm, owner.workspaceId, (em) => saveOutcome(em, tags, outcome));
    expect(await endpoint()).toMatchObject({ ...outcome, finished_at: expect.any(Date) });
  });

  it('that is a failure keeps what was known', async () => {
    const away = new AddonError('clockify_unavailable', 'Clockify is not available at the moment.');
    await saveLastError(mirror.orm, tags, away);
    await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
      saveOutcome(em, tags, { state: 'failed', complete: false, reason: 'Why.' }),
    );
    expect(await endpoint()).toMatchObject({
      state: 'failed',
      complete: false,
      reason: 'Why.',
      expected: null,
      last_error: 'Clockify is not available at the moment.',
      last_error_code: 'clockify_unavailable',
    });
  });
});

describe('closing a run', () => {
  const lastBootstrap = async () => {
    const [row] = await mirror.rows('select last_bootstrap_at from installations');
    return row?.['last_bootstrap_at'];
  };

  it.each(['COMPLETED', 'COMPLETED_WITH_WARNINGS'] as const)('as %s is noted on the installation', async (status) => {
    await closeRun(mirror.orm, firstRun, status);
    expect(await job()).toMatchObject({ status, finished_at: expect.any(Date) });
    expect(await lastBootstrap()).toEqual(expect.any(Date));
  });

  it.each(['COMPLETED_WITH_ERRORS', 'FAILED', 'CANCELLED'] as const)('as %s is not', async (status) => {
    await closeRun(mirror.orm, firstRun, status);
    expect(await job()).toMatchObject({ status });
    expect(await lastBootstrap()).toBeNull();
  });

  it('while it is paused ends the pause', async () => {
    await saveControl(mirror.orm, firstRun, { paused: true, version: 1 });
    await closeRun(mirror.orm, firstRun, 'CANCELLED');
    expect(await job()).toMatchObject({ paused: false, status: 'CANCELLED' });
  });

  it('again changes nothing of the run', async () => {
    await closeRun(mirror.orm, firstRun, 'CANCELLED');
    const before = await job();
    await closeRun(mirror.orm, firstRun, 'FAILED');
    expect(await job()).toEqual(before);
  });
});
