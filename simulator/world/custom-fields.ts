import type { Blueprint } from './blueprint.ts';

const types = ['TXT', 'NUMBER', 'DROPDOWN_SINGLE', 'DROPDOWN_MULTIPLE', 'CHECKBOX', 'LINK'] as const;
type FieldType = (typeof types)[number];

const options = ['Alpha', 'Beta', 'Γάμμα', '🟢 Delta'];
const userFieldPosition = 4;
/** Every tenth project below this position carries values of its own. */
const projectsWithFields = 100;

export type CustomField = ReturnType<typeof buildCustomField>;

/** The positions of the projects that carry values of their own. */
function projectsWithDefaults({ counts }: Blueprint): number[] {
  const last = Math.min(projectsWithFields, counts.projects);
  return Array.from({ length: Math.ceil(last / 10) }, (_, index) => index * 10);
}

/** The fields a project has values for: two of them, in turn. */
function fieldsOfProject({ counts }: Blueprint, projectIndex: number): number[] {
  if (counts.custom_fields === 0 || projectIndex % 10 !== 0 || projectIndex >= projectsWithFields) return [];
  const first = (projectIndex / 10) % counts.custom_fields;
  return [...new Set([first, (first + 1) % counts.custom_fields])];
}

/** A value that fits a type; different positions give different values. */
export function fieldValue(type: FieldType, position: number): unknown {
  switch (type) {
    case 'TXT':
      return `Ref ${position}`;
    case 'NUMBER':
      return position + 0.5;
    case 'DROPDOWN_SINGLE':
      return options[position % options.length];
    case 'DROPDOWN_MULTIPLE':
      return [options[position % options.length], options[(position + 1) % options.length]];
    case 'CHECKBOX':
      return position % 2 === 0;
    case 'LINK':
      return `https://tickets.example/${position}`;
  }
}

export function buildCustomField(blueprint: Blueprint, index: number) {
  const type = types[index % types.length] ?? 'TXT';
  const id = blueprint.id('custom_fields', index);
  const isUserField = index % types.length === userFieldPosition;
  return {
    id,
    workspaceId: blueprint.workspaceId,
    name: `${isUserField ? 'Person' : 'Entry'} field ${index + 1}`,
    description: index % 2 === 0 ? 'Filled in by the office' : null,
    placeholder: null,
    type,
    entityType: isUserField ? 'USER' : 'TIMEENTRY',
    allowedValues: type.startsWith('DROPDOWN') ? options : [],
    workspaceDefaultValue: index % 3 === 0 ? fieldValue(type, index) : null,
    onlyAdminCanEdit: index % 4 === 0,
    required: false,
    status: index === 1 ? 'INVISIBLE' : index % 12 === 11 ? 'INACTIVE' : 'VISIBLE',
    projectDefaultValues: projectsWithDefaults(blueprint)
      .filter((project) => fieldsOfProject(blueprint, project).includes(index))
      .map((project) => defaultOf(blueprint, type, project)),
  };
}

function defaultOf(blueprint: Blueprint, type: FieldType, projectIndex: number) {
  return {
    projectId: blueprint.id('projects', projectIndex),
    value: fieldValue(type, projectIndex),
    status: 'VISIBLE',
  };
}

/** The fields of one project with its own values, as the project shows them. */
export function projectCustomFields(blueprint: Blueprint, fields: readonly CustomField[], projectIndex: number) {
  return fieldsOfProject(blueprint, projectIndex)
    .sort((left, right) => left - right)
    .flatMap((position) => fields[position] ?? []);
}

/** The values of a user, one for each field about people. */
export function userFieldValues(fields: readonly CustomField[], userIndex: number) {
  const own = fields.filter((field) => field.entityType === 'USER');
  return own.map((field, position) => ({ field, value: fieldValue(field.type, userIndex + position) }));
}

/** The fields a time entry can carry. */
export function entryFields(fields: readonly CustomField[]): CustomField[] {
  return fields.filter((field) => field.entityType === 'TIMEENTRY' && field.status !== 'INACTIVE');
}
