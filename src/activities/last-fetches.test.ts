import { describe, expect, it } from '@jest/globals';
import type { OpenDelivery, TargetGroup } from './delivery-round.ts';
import { createLastFetches } from './last-fetches.ts';
import type { Refetched } from './refetch.ts';

const ref = { workspaceId: 'w', addonId: 'a' };
const began = Date.parse('2026-11-21T10:00:00Z');
const fetched: Refetched = { began: '2026-11-21T10:00:00.000900Z', changed: ['t1'], deleted: [] };

function open(receivedMs: number): OpenDelivery {
  const ids = { id: 't1', userId: null, projectId: null, expenseId: null, assignmentId: null, targetId: null };
  const delivery = { id: '1', event: 'NEW_TAG', ids: { ...ids, firstTaskId: null }, deliveries: 1, attempts: 0 };
  return {
    delivery: { ...delivery, receivedMs, requestId: null },
    entity: 'tags',
    entityId: 't1',
    left: 1,
    effect: 'unchanged',
    error: null,
  };
}
const group = (...deliveries: OpenDelivery[]): TargetGroup => ({
  key: 'tags/id/t1',
  target: { by: 'id', entity: 'tags', id: 't1' },
  deliveries,
});

function startAt(ms: number) {
  let now = ms;
  const fetches = createLastFetches(() => now);
  return { fetches, pass: (more: number) => void (now += more) };
}

describe('a target that was fetched a moment ago', () => {
  it('has answered what had come before it was asked for, and nothing else', () => {
    const { fetches } = startAt(0);
    fetches.note(ref, group(), null);
    fetches.note(ref, group(), fetched);
    const [before, at, after] = [open(began - 1), open(began), open(began + 500)];
    const waiting = group(before, at, after);
    expect(fetches.answer(ref, waiting)).toEqual([before]);
    expect(before).toMatchObject({ left: 0, effect: 'changed' });
    expect(waiting.deliveries).toEqual([at, after]);
    expect(fetches.mayRepeat(ref, waiting)).toBe(false);
  });

  it('may be fetched again after two seconds, counted from when it was asked for', () => {
    const { fetches, pass } = startAt(0);
    fetches.note(ref, group(), null);
    pass(1_500);
    fetches.note(ref, group(), fetched);
    pass(499);
    expect(fetches.mayRepeat(ref, group())).toBe(false);
    pass(1);
    expect(fetches.mayRepeat(ref, group())).toBe(true);
    expect(fetches.answer(ref, group(open(began - 1)))).toEqual([]);
  });

  it('has answered nothing before it came to an end, nor when nothing was asked', () => {
    const { fetches } = startAt(0);
    fetches.note(ref, group(), null);
    expect(fetches.answer(ref, group(open(began - 1)))).toEqual([]);
    fetches.note(ref, group(), { began: null, changed: [], deleted: [] });
    expect(fetches.answer(ref, group(open(began - 1)))).toEqual([]);
  });
});

it('another installation is another target', () => {
  const { fetches } = startAt(0);
  fetches.note(ref, group(), fetched);
  expect(fetches.mayRepeat({ ...ref, workspaceId: 'other' }, group())).toBe(true);
});
