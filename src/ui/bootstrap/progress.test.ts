import { describe, expect, it, test } from '@jest/globals';
import { buildEntityStatus, buildStatus } from '../../../test/support/bootstrap-status.ts';
import { createFormatter } from '../format.ts';
import { barOf, completenessOf, countStates, isMoving, isUnderWay, summarise } from './progress.ts';

const format = createFormatter('EN');
const projects = (given: object) => buildEntityStatus({ entity: 'projects', ...given });

test.each([
  ['NOT_STARTED', false, false],
  ['PENDING', true, true],
  ['RUNNING', true, true],
  ['PAUSED', false, true],
  ['COMPLETED', false, false],
  ['COMPLETED_WITH_WARNINGS', false, false],
  ['COMPLETED_WITH_ERRORS', false, false],
  ['FAILED', false, false],
  ['CANCELLED', false, false],
] as const)('a %s run is moving: %p, under way: %p', (status, moving, underWay) => {
  expect([isMoving(status), isUnderWay(status)]).toEqual([moving, underWay]);
});

describe('the bar of an entity', () => {
  it.each([
    ['is left out while it waits', { state: 'waiting' }, null],
    ['has no end while the end is not known', { state: 'reading', rows: 40 }, { value: null, max: 1 }],
    ['shows rows of expected rows', { state: 'reading', rows: 40, expected: 160 }, { value: 40, max: 160 }],
    ['never overflows', { state: 'reading', rows: 170, expected: 160 }, { value: 160, max: 160 }],
    ['is full when all was read', { state: 'read', rows: 40 }, { value: 1, max: 1 }],
    ['is full when there was nothing to read', { state: 'read', expected: 0 }, { value: 1, max: 1 }],
    ['shows what is missing', { state: 'read', rows: 4, expected: 5 }, { value: 4, max: 5 }],
    ['counts a row that came twice once', { state: 'read', rows: 6, stored: 4, expected: 5 }, { value: 4, max: 5 }],
    ['stays where it failed', { state: 'failed', rows: 4, expected: 5 }, { value: 4, max: 5 }],
    ['is empty when it failed at an unknown place', { state: 'failed', rows: 4 }, { value: 0, max: 1 }],
    ['is left out when skipped', { state: 'skipped', expected: 5 }, null],
  ])('%s', (_case, given, bar) => {
    expect(barOf(projects(given))).toEqual(bar);
  });
});

describe('completeness', () => {
  it.each([
    ['count', 'count matches 1,800'],
    ['last_page', 'read to the last page'],
    ['whole_list', 'the whole list came in one answer'],
    ['single_object', 'the one object was read'],
    ['every_parent', 'read for every parent'],
  ])('is proven by %s: %s', (evidence, text) => {
    const entity = projects({ state: 'read', rows: 1800, expected: 1800, complete: true, evidence });
    expect(completenessOf(entity, format)).toEqual({ proven: true, text });
  });

  it.each([
    ['complete without evidence', { complete: true }, 'no evidence was given'],
    ['complete without evidence, with a reason', { complete: true, reason: 'Trust me' }, 'Trust me'],
    ['not complete', { complete: false }, 'not proven complete'],
    ['not complete in spite of evidence', { complete: false, evidence: 'count' }, 'not proven complete'],
    ['not complete for a reason', { complete: false, reason: 'Two pages are missing' }, 'Two pages are missing'],
    ['evidence alone', { evidence: 'count', reason: 'Still reading' }, 'Still reading'],
  ])('is not proven when the server says %s', (_case, given, text) => {
    expect(completenessOf(projects({ state: 'read', ...given }), format)).toEqual({ proven: false, text });
  });

  it('is unknown before the entity has been read', () => {
    expect(completenessOf(projects({ state: 'reading', evidence: 'count' }), format)).toBeNull();
  });
});

describe('the summary of a run', () => {
  it('counts every entity the same', () => {
    const entities = [
      projects({ state: 'read', rows: 10 }),
      projects({ state: 'skipped' }),
      projects({ state: 'reading', rows: 50, expected: 100, etaSeconds: 30 }),
      projects({ state: 'waiting' }),
    ];
    expect(summarise(buildStatus(entities))).toEqual({
      settled: 2,
      total: 4,
      fraction: 0.625,
      rows: 60,
      etaSeconds: 30,
      etaIsLeast: true,
    });
  });

  it('names the longest estimate, and trusts it when every open entity has one', () => {
    const entities = [30, 452, 0].map((etaSeconds) => projects({ state: 'reading', etaSeconds }));
    expect(summarise(buildStatus(entities))).toMatchObject({ etaSeconds: 452, etaIsLeast: false });
  });

  it('does not estimate from entities that are done', () => {
    const entities = [projects({ state: 'failed', etaSeconds: 99 })];
    expect(summarise(buildStatus(entities))).toMatchObject({ fraction: 1, etaSeconds: null });
  });

  it('is empty before the first run', () => {
    expect(summarise(buildStatus([]))).toMatchObject({ settled: 0, total: 0, fraction: 0, rows: 0, etaSeconds: null });
  });
});

test('entities are counted by state, and as proven only with evidence', () => {
  const entities = [
    projects({ state: 'read', complete: true, evidence: 'count' }),
    projects({ state: 'read', complete: true }),
    projects({ state: 'read', complete: false, evidence: 'count' }),
    projects({ state: 'waiting' }),
    projects({ state: 'skipped' }),
  ];
  expect(countStates(entities).map(({ name, count }) => [name, count])).toEqual([
    ['proven', 1],
    ['unproven', 2],
    ['waiting', 1],
    ['skipped', 1],
  ]);
  expect(countStates([])).toEqual([]);
});
