import type { Blueprint } from './blueprint.ts';
import { buildClient } from './clients.ts';
import { derivedCollection, nestedCollection, times, topCollection, type Collection } from './collection.ts';
import { buildCustomField, projectCustomFields } from './custom-fields.ts';
import { buildMemberProfile, managerIndexes, presentManager } from './members.ts';
import { buildProject } from './projects.ts';
import type { Sources } from './sources.ts';
import { buildTag } from './tags.ts';
import { buildTask } from './tasks.ts';
import type { EntityType, Row } from './types.ts';
import { buildUserGroup } from './user-groups.ts';
import { buildUser } from './users.ts';

type Some = Partial<Record<EntityType, Collection>>;

/** Every collection but the workspace itself. */
export function createCollections(blueprint: Blueprint, sources: Sources): Some {
  return { ...people(blueprint, sources), ...work(blueprint, sources) };
}

function people(blueprint: Blueprint, sources: Sources): Some {
  const { counts } = blueprint;
  const group = (index: number) => buildUserGroup(blueprint, sources.users(), index);
  return {
    users: topCollection(sources.users, (index) => buildUser(blueprint, sources.customFields(), index)),
    user_groups: topCollection(() => times(counts.user_groups, group), group),
    member_profiles: derivedCollection((user) => buildMemberProfile(sources.customFields(), user)),
    user_managers: nestedCollection(
      (user) => managerIndexes(blueprint, user).flatMap((index) => managersAt(sources, index)),
      (index) => presentManager(buildUser(blueprint, sources.customFields(), index)),
    ),
  };
}

function managersAt(sources: Sources, index: number): Row[] {
  const user = sources.users()[index];
  return user === undefined ? [] : [presentManager(user)];
}

function work(blueprint: Blueprint, sources: Sources): Some {
  const tag = (index: number) => buildTag(blueprint, index);
  return {
    clients: topCollection(sources.clients, (index) => buildClient(blueprint, index)),
    tags: topCollection(() => times(blueprint.counts.tags, tag), tag),
    projects: topCollection(sources.projects, (index) => buildProject(blueprint, sources.clients(), index)),
    custom_fields: topCollection(sources.customFields, (index) => buildCustomField(blueprint, index)),
    tasks: nestedCollection(
      (project) => {
        const parent = { id: blueprint.id('projects', project), index: project };
        return times(sources.taskCounts()[project] ?? 0, (index) => buildTask(blueprint, parent, index));
      },
      (index, project) => buildTask(blueprint, project, index),
    ),
    project_custom_fields: nestedCollection(
      (project) => projectCustomFields(blueprint, sources.customFields(), project),
      (index) => buildCustomField(blueprint, index),
    ),
  };
}
