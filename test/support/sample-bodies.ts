import { webhookShapes } from '../../simulator/test-support/webhook-shapes.ts';
import type { WebhookEvent } from '../../src/domain/webhook-events.ts';

const values: Readonly<Record<string, unknown>> = {
  id: '5'.repeat(24),
  'id?': '',
  instant: '2026-01-02T03:04:05Z',
  local: '2026-01-02T03:04:05',
  duration: 'PT1H',
  text: 'Größe 😀 "quoted"',
  number: 12.5,
  flag: true,
  null: null,
  any: {},
};

function fill(shape: unknown): unknown {
  if (typeof shape === 'string') return values[shape];
  if (Array.isArray(shape)) return shape.map(fill);
  return Object.fromEntries(Object.entries(Object(shape) as object).map(([field, inner]) => [field, fill(inner)]));
}

/** A body with the fields of the event's published sample. The workspace is in it where the sample has one. */
export function buildSampleBody(event: WebhookEvent, workspaceId: string): Record<string, unknown> {
  const body = fill(webhookShapes[event]) as Record<string, unknown>;
  return 'workspaceId' in body ? { ...body, workspaceId } : body;
}
