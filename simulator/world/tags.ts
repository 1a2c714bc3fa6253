import type { Blueprint } from './blueprint.ts';
import { awkwardNames } from './names.ts';

const kinds = ['urgent', 'remote', 'on-site', 'research', 'meeting', 'overtime', 'warranty', 'pro bono'] as const;

export function buildTag(blueprint: Blueprint, index: number) {
  const kind = kinds[index % kinds.length] ?? 'urgent';
  return {
    id: blueprint.id('tags', index),
    name: index === 3 ? awkwardNames.emoji : index < kinds.length ? kind : `${kind} ${index}`,
    workspaceId: blueprint.workspaceId,
    archived: index % 9 === 4,
  };
}
