import { buildAssignment } from './assignments.ts';
import type { Blueprint } from './blueprint.ts';
import { buildClient } from './clients.ts';
import { countedCollection, nestedCollection, times, topCollection } from './collection.ts';
import { buildCustomField, projectCustomFields } from './custom-fields.ts';
import { buildProject } from './projects.ts';
import { buildSharedReport } from './shared-reports.ts';
import type { Sources } from './sources.ts';
import { buildTag } from './tags.ts';
import { buildTask } from './tasks.ts';

/** Clients, projects, tasks, tags, fields, plans and reports. */
export function workCollections(blueprint: Blueprint, sources: Sources) {
  const { counts } = blueprint;
  return {
    clients: topCollection(sources.clients, (index) => buildClient(blueprint, index)),
    tags: countedCollection(counts.tags, (index) => buildTag(blueprint, index)),
    projects: topCollection(sources.projects, (index) => buildProject(blueprint, sources.clients(), index)),
    tasks: nestedCollection(
      (project) => tasksOf(blueprint, sources, project),
      (index, project) => buildTask(blueprint, project, index),
    ),
    custom_fields: topCollection(sources.customFields, (index) => buildCustomField(blueprint, index)),
    project_custom_fields: nestedCollection(
      (project) => projectCustomFields(blueprint, sources.customFields(), project),
      (index) => buildCustomField(blueprint, index),
    ),
    assignments: countedCollection(counts.assignments, (index) => buildAssignment(blueprint, sources, index)),
    shared_reports: countedCollection(counts.shared_reports, (index) => buildSharedReport(blueprint, index)),
  };
}

function tasksOf(blueprint: Blueprint, sources: Sources, projectIndex: number) {
  const project = { id: blueprint.id('projects', projectIndex), index: projectIndex };
  return times(sources.taskCounts()[projectIndex] ?? 0, (index) => buildTask(blueprint, project, index));
}
