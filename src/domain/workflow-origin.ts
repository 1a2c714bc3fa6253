import { TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import type { InstallationRef, searchAttributes } from './contract.ts';
import type { EntityType } from './entities.ts';

/** Where a workflow comes from: the installation, the call that caused it, and what it reads. */
export interface WorkflowOrigin extends InstallationRef {
  readonly requestId: string;
  readonly entity?: EntityType;
}

const keyOf = (name: (typeof searchAttributes)[number]) => defineSearchAttributeKey(name, 'KEYWORD');

/** What every workflow is found by, in the Web UI and in a query. */
export const describeOrigin = ({ workspaceId, addonId, requestId, entity }: WorkflowOrigin) => ({
  memo: { requestId },
  typedSearchAttributes: new TypedSearchAttributes([
    { key: keyOf('WorkspaceId'), value: workspaceId },
    { key: keyOf('AddonId'), value: addonId },
    { key: keyOf('RequestId'), value: requestId },
    ...(entity === undefined ? [] : [{ key: keyOf('Entity'), value: entity }]),
  ]),
});
