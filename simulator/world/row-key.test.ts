import { describe, expect, it } from '@jest/globals';
import { rowKey } from './row-key.ts';
import type { EntityType, Row } from './types.ts';

describe('the key of a row', () => {
  it.each<[EntityType, Row, string | undefined, string]>([
    ['clients', { id: 'c1' }, undefined, 'c1'],
    ['workspace', { id: 'w1' }, undefined, 'w1'],
    ['tasks', { id: 't1' }, 'p1', 't1'],
    ['approval_requests', { approvalRequest: { id: 'a1' } }, undefined, 'a1'],
    ['member_profiles', { name: 'Ana' }, 'u1', 'u1'],
    ['invoice_settings', { labels: {} }, 'w1', 'w1'],
    ['invoice_details', { id: 'i1' }, 'i1', 'i1'],
    ['project_custom_fields', { id: 'f1' }, 'p1', 'p1:f1'],
    ['user_managers', { id: 'u2' }, 'u1', 'u1:u2'],
  ])('in %s, %j below %s, is %s', (entity, row, parentId, key) => {
    expect(rowKey(entity, row, parentId)).toBe(key);
  });

  it.each<[EntityType, Row]>([
    ['clients', {}],
    ['clients', { id: 7 }],
    ['approval_requests', { id: 'a1' }],
    ['member_profiles', { id: 'u1' }],
    ['user_managers', { id: 'u1' }],
  ])('is refused in %s for %j without a parent', (entity, row) => {
    expect(() => rowKey(entity, row)).toThrow(`A row of ${entity} has no key.`);
  });
});
