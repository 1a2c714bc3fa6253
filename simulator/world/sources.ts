import type { Blueprint } from './blueprint.ts';
import { buildClient, type Client } from './clients.ts';
import { once, times } from './collection.ts';
import { buildCustomField, type CustomField } from './custom-fields.ts';
import { buildProject, type Project } from './projects.ts';
import { tasksPerProject } from './tasks.ts';
import { buildUser, type User } from './users.ts';

/** The rows that others are built from, as they are at the beginning; each list is built on first use. */
export interface Sources {
  readonly users: () => readonly User[];
  readonly clients: () => readonly Client[];
  readonly projects: () => readonly Project[];
  readonly customFields: () => readonly CustomField[];
  /** Number of tasks by position of the project. */
  readonly taskCounts: () => readonly number[];
}

export function createSources(blueprint: Blueprint): Sources {
  const { counts } = blueprint;
  const customFields = once(() => times(counts.custom_fields, (index) => buildCustomField(blueprint, index)));
  const clients = once(() => times(counts.clients, (index) => buildClient(blueprint, index)));
  return {
    customFields,
    clients,
    users: once(() => times(counts.users, (index) => buildUser(blueprint, customFields(), index))),
    projects: once(() => times(counts.projects, (index) => buildProject(blueprint, clients(), index))),
    taskCounts: once(() => tasksPerProject(blueprint)),
  };
}
