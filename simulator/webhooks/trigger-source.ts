import { textAt, valueAt } from '../api/rows.ts';
import type { EntityType, Row } from '../world/types.ts';
import type { Hook } from './hook.ts';

/** Where a row names what a webhook may be limited to: its own collection, or the fields that hold such ids. */
const sources: Readonly<Record<string, { readonly own: EntityType; readonly fields: readonly string[] }>> = {
  PROJECT_ID: { own: 'projects', fields: ['projectId', 'project.id'] },
  USER_ID: { own: 'users', fields: ['userId', 'approvalRequest.owner.userId'] },
  TAG_ID: { own: 'tags', fields: ['tagIds'] },
  TASK_ID: { own: 'tasks', fields: ['taskId', 'task.id'] },
  ASSIGNMENT_ID: { own: 'assignments', fields: [] },
  EXPENSE_ID: { own: 'expenses', fields: [] },
};

/** The kinds of things a webhook can be limited to. */
export const triggerSourceTypes: readonly string[] = ['WORKSPACE_ID', ...Object.keys(sources)];

/** Whether a webhook wants to hear of this row; one that names no source hears of all. */
export function isTriggeredBy(
  { triggerSource, triggerSourceType, workspaceId }: Hook,
  entity: EntityType,
  row: Row,
): boolean {
  if (triggerSource.length === 0) return true;
  const source = sources[triggerSourceType];
  if (source === undefined) return triggerSource.includes(workspaceId);
  const ids = source.own === entity ? [textAt(row, 'id')] : source.fields.flatMap((field) => valueAt(row, field) ?? []);
  return ids.some((id) => typeof id === 'string' && triggerSource.includes(id));
}
