import { amountOf, pick, related, type PayloadBuilder } from './fields.ts';
import { named } from './plain.ts';

/** A project with all its tasks and its client. */
export const project: PayloadBuilder = (row, context) => {
  const { world } = context;
  const client = related(world, 'clients', row['clientId']);
  return {
    ...pick(row, 'id', 'name'),
    hourlyRate: amountOf(row['hourlyRate']),
    ...pick(row, 'clientId', 'workspaceId', 'billable', 'color', 'estimate', 'archived', 'duration'),
    ...pick(row, 'clientName', 'note', 'public', 'template'),
    tasks: world.list('tasks', String(row['id'])).map((one) => ({
      ...pick(one, 'name', 'projectId'),
      assigneeId: one['assigneeId'] ?? '',
      ...pick(one, 'assigneeIds', 'userGroupIds', 'estimate', 'duration', 'status', 'workspaceId', 'id'),
    })),
    client: client === undefined ? null : named(client, context),
  };
};

/** Without the workspace. */
export const task: PayloadBuilder = (row) =>
  pick(row, 'id', 'name', 'projectId', 'assigneeIds', 'assigneeId', 'userGroupIds', 'estimate', 'status', 'duration');
