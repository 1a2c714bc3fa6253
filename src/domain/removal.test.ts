import { describe, expect, it, test } from '@jest/globals';
import { countProbe, delayToProbe, isAlive, judgeRemoval, probeSchedule } from './removal.ts';
import type { Doubt, ProbeAnswer, Standing, Verdict } from './removal.ts';

const start = (doubt: Doubt): Standing => ({ doubt, probes: 0, refusals: 0 });

/** What comes of answers in a row: the probe that decided, and how. */
function play(doubt: Doubt, answers: readonly ProbeAnswer[], expiredFrom = Infinity): [number, Verdict] {
  let standing = start(doubt);
  for (const answer of answers) {
    standing = countProbe(standing, answer);
    const isExpired = standing.probes >= expiredFrom;
    const verdict = judgeRemoval(standing, answer, { isExpired, schedule: probeSchedule });
    if (verdict !== 'wait') return [standing.probes, verdict];
  }
  return [standing.probes, 'wait'];
}

const accepted = 'accepted' as const;
const closed = 'closed' as const;
const refused = 'refused' as const;
const silent = 'silent' as const;
const always = (answer: ProbeAnswer): ProbeAnswer[] => Array.from({ length: 200 }, () => answer);

describe('after a DELETED', () => {
  it.each<[string, ProbeAnswer[], [number, Verdict]]>([
    ['three refusals in a row confirm it', [refused, refused, refused], [3, 'purge']],
    ['two do not', [refused, refused], [2, 'wait']],
    ['silence between them proves nothing either way', [refused, silent, refused, silent, refused], [5, 'purge']],
    ['a token that lives sets the count back', [refused, refused, accepted, refused, refused], [5, 'wait']],
    ['a token that takes a while to die is found dead', [accepted, accepted, refused, refused, refused], [5, 'purge']],
    ['only the last quick probe restores', [accepted, accepted, accepted, accepted, accepted], [5, 'restore']],
    ['and so does any later one', [silent, silent, silent, silent, silent, silent, accepted], [7, 'restore']],
    ['an add-on that is switched off is alive', [silent, silent, silent, silent, closed], [5, 'restore']],
    ['silence is asked again for as long as it takes', always(silent), [200, 'wait']],
  ])('%s', (_, answers, outcome) => {
    expect(play('deleted', answers)).toEqual(outcome);
  });
});

describe('of a suspect', () => {
  it.each<[string, ProbeAnswer[], [number, Verdict]]>([
    ['the first answer that is good restores it', [refused, refused, accepted], [3, 'restore']],
    ['no number of refusals destroys it', always(refused), [200, 'wait']],
    ['silence decides nothing', always(silent), [200, 'wait']],
  ])('%s', (_, answers, outcome) => {
    expect(play('suspect', answers)).toEqual(outcome);
  });
});

describe('when the data may not be kept any longer', () => {
  it.each<[Doubt, ProbeAnswer, Verdict]>([
    ['deleted', silent, 'purge'],
    ['suspect', silent, 'purge'],
    ['suspect', refused, 'purge'],
    ['suspect', accepted, 'restore'],
    ['deleted', accepted, 'restore'],
  ])('%s and %s: %s', (doubt, answer, verdict) => {
    expect(play(doubt, always(answer), 10).at(1)).toBe(verdict);
  });

  it('a token that is accepted too early to restore is not destroyed for its age', () => {
    expect(play('deleted', [accepted], 1)).toEqual([1, 'wait']);
  });
});

test('an installation that another one replaced goes, whatever its token says', () => {
  expect(play('superseded', [accepted])).toEqual([1, 'purge']);
});

/** Milliseconds after the doubt at which probes are sent. */
function timesOf(doubt: Doubt, count: number): number[] {
  let standing = start(doubt);
  let now = 0;
  return Array.from({ length: count }, () => {
    now += delayToProbe(probeSchedule, standing);
    standing = countProbe(standing, silent);
    return now;
  });
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

test('a deleted installation is asked at once, after 5 s, 30 s, 2 min and 10 min, and then every hour', () => {
  const quick = [0, 5 * second, 30 * second, 2 * minute, 10 * minute];
  expect(timesOf('deleted', 7)).toEqual([...quick, 10 * minute + hour, 10 * minute + 2 * hour]);
});

test('a suspect is asked three times within 10 minutes, and then once an hour', () => {
  const times = timesOf('suspect', 5);
  expect(times.filter((time) => time <= 10 * minute)).toHaveLength(3);
  expect(times.slice(2).map((time, index, rest) => time - (rest[index - 1] ?? time - hour))).toEqual([
    hour,
    hour,
    hour,
  ]);
});

test.each<[ProbeAnswer, boolean]>([
  [accepted, true],
  [closed, true],
  [refused, false],
  [silent, false],
])('%s shows a living token: %s', (answer, expected) => {
  expect(isAlive(answer)).toBe(expected);
});
