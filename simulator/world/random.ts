/** A reproducible stream of choices. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from min to max, both included. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Mixes numbers into one 32-bit number; near inputs give unrelated outputs (murmur3's finaliser). */
export function mix(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** The same parts give the same stream (mulberry32), so any corner of a world can be drawn on its own. */
export function createRandom(...parts: readonly number[]): Random {
  let state = mix(...parts);

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  };
}

/** Splits a total into whole shares in proportion to the weights; the shares add up to the total. */
export function distribute(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  let weight = 0;
  let given = 0;
  return weights.map((each) => {
    weight += each;
    const until = sum === 0 ? 0 : Math.round((total * weight) / sum);
    const share = until - given;
    given = until;
    return share;
  });
}
