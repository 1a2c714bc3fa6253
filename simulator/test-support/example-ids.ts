import type { EntityType, World } from '../world/types.ts';

/** Path parameters that name existing rows, for an operation whose `{id}` belongs to `entity`. */
export function exampleIds(world: World, addonId: string, entity: EntityType | null): Record<string, string> {
  const first = (of: EntityType, parentId?: string) => world.list(of, parentId)[0];
  const project = world.list('projects').find((row) => world.list('tasks', String(row['id'])).length > 0);
  const user = world.list('users').find((row) => world.list('time_entries', String(row['id'])).length > 0);
  const expense = world.list('expenses').find((row) => typeof row['fileId'] === 'string' && row['fileId'] !== '');
  const projectId = String(project?.['id']);
  const userId = String(user?.['id']);
  const own = entity === null ? undefined : first(entity, entity === 'time_entries' ? userId : undefined);
  return {
    workspaceId: world.workspaceId,
    addonId,
    webhookId: '000000000000000000000000',
    projectId,
    userId,
    taskId: String(first('tasks', projectId)?.['id']),
    expenseId: String(expense?.['id']),
    fileId: String(expense?.['fileId']),
    invoiceId: String(first('invoices')?.['id']),
    policyId: String(first('time_off_policies')?.['id']),
    id: String(own?.['id']),
  };
}
