import { describe, expect, it } from '@jest/globals';
import { createFaultBoard } from './fault-board.ts';

function createClock() {
  let nowMs = 0;
  return { now: () => nowMs, advance: (ms: number) => (nowMs += ms) };
}

describe('a fault board', () => {
  it('harms every request until a fault is cleared', () => {
    const board = createFaultBoard(() => 0);
    const id = board.add({ kind: 'wrong-envelope' });

    expect(board.take('wrong-envelope', 'getTags')).toBeDefined();
    expect(board.take('wrong-envelope', 'getUsers')).toBeDefined();
    expect(board.clear(id)).toBe(1);
    expect(board.take('wrong-envelope', 'getTags')).toBeUndefined();
  });

  it('harms only the operation it names', () => {
    const board = createFaultBoard(() => 0);
    board.add({ kind: 'token-revoked', operationId: 'getTags' });

    expect(board.take('token-revoked', 'getClients')).toBeUndefined();
    expect(board.take('token-revoked', 'getTags')).toBeDefined();
  });

  it('lets requests pass first and stops after its number of times', () => {
    const board = createFaultBoard(() => 0);
    board.add({ kind: 'html', status: 502, skip: 2, times: 1 });

    const harmed = Array.from({ length: 5 }, () => board.take('html', 'getTags') !== undefined);

    expect(harmed).toEqual([false, false, true, false, false]);
    expect(board.list()).toEqual([]);
  });

  it('expires', () => {
    const clock = createClock();
    const board = createFaultBoard(clock.now);
    board.add({ kind: 'token-revoked', durationMs: 100 });

    clock.advance(99);
    expect(board.take('token-revoked', null)).toBeDefined();
    clock.advance(1);
    expect(board.take('token-revoked', null)).toBeUndefined();
  });

  it('does not count a request the fault is not about', () => {
    const board = createFaultBoard(() => 0);
    board.add({ kind: 'page-empty', page: 2, times: 1 });

    expect(board.take('page-empty', 'getTags', (fault) => fault.page === 1)).toBeUndefined();
    expect(board.take('page-empty', 'getTags', (fault) => fault.page === 2)?.met).toBe(1);
  });
});
