import { describe, expect, it } from '@jest/globals';
import { createRowCache } from './row-cache.ts';

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ index }));

describe('the row cache', () => {
  it('gives back the very list it was given', () => {
    const cache = createRowCache(10);
    const list = rows(3);
    cache.set('a', list);
    expect(cache.get('a')).toBe(list);
    expect(cache.get('b')).toBeUndefined();
  });

  it('forgets the list unused for longest when there are too many rows', () => {
    const cache = createRowCache(10);
    cache.set('a', rows(4));
    cache.set('b', rows(4));
    cache.get('a');
    cache.set('c', rows(4));
    expect(cache.get('b')).toBeUndefined();
    expect(cache.get('a')).toHaveLength(4);
    expect(cache.get('c')).toHaveLength(4);
  });

  it('keeps the newest list even when it alone is too long', () => {
    const cache = createRowCache(10);
    cache.set('a', rows(4));
    cache.set('b', rows(40));
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('b')).toHaveLength(40);
  });

  it('counts a replaced or deleted list no longer', () => {
    const cache = createRowCache(10);
    cache.set('a', rows(9));
    cache.set('a', rows(5));
    cache.set('b', rows(5));
    expect(cache.get('a')).toHaveLength(5);
    cache.delete('a');
    cache.set('c', rows(5));
    expect(cache.get('b')).toHaveLength(5);
    expect(cache.get('a')).toBeUndefined();
  });
});
