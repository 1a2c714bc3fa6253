import type { EntityType } from './entities.ts';

/** Names that the API, the workflows and the worker agree on. A name is an interface: renaming one breaks running work. */
export const taskQueue = 'clockify-api-studio';

/** One add-on on one workspace. */
export interface InstallationRef {
  readonly workspaceId: string;
  readonly addonId: string;
}

const personalPrefix = 'personal:';

/** Stands in the place of an add-on's id where somebody's own API key is used. No token of Clockify names such an id. */
export const buildPersonalId = (userId: string): string => `${personalPrefix}${userId}`;

export const isPersonal = ({ addonId }: InstallationRef): boolean => addonId.startsWith(personalPrefix);

export const searchAttributes = ['WorkspaceId', 'AddonId', 'Entity', 'RequestId'] as const;

export const workflowNames = {
  install: 'installWorkflow',
  bootstrap: 'bootstrapWorkflow',
  entity: 'entityWorkflow',
  uninstall: 'uninstallWorkflow',
  refresh: 'refreshWorkflow',
  mailbox: 'mailboxWorkflow',
  retention: 'retentionWorkflow',
} as const;

export const queryNames = { isEnding: 'isEnding' } as const;

export const signalNames = {
  installationStatus: 'installationStatus',
  control: 'control',
  installed: 'installed',
  doubt: 'doubt',
  deliveries: 'deliveries',
} as const;

export const buildInstallWorkflowId = ({ workspaceId, addonId }: InstallationRef): string =>
  `install:${workspaceId}:${addonId}`;

export const buildBootstrapWorkflowId = ({ workspaceId, addonId }: InstallationRef): string =>
  `bootstrap:${workspaceId}:${addonId}`;

export const buildUninstallWorkflowId = ({ workspaceId, addonId }: InstallationRef): string =>
  `uninstall:${workspaceId}:${addonId}`;

export const buildMailboxWorkflowId = ({ workspaceId, addonId }: InstallationRef): string =>
  `mailbox:${workspaceId}:${addonId}`;

/** Of the schedule that keeps a copy fresh, and the beginning of what it starts. */
export const buildRefreshId = ({ workspaceId, addonId }: InstallationRef): string =>
  `refresh:${workspaceId}:${addonId}`;

/** Of the schedule that deletes what is too old, one for the deployment, and the beginning of what it starts. */
export const retentionId = 'webhook-retention';

export const buildEntityWorkflowId = (ref: InstallationRef, entity: EntityType): string =>
  `${buildBootstrapWorkflowId(ref)}:${entity}`;

/** The place of a sealed installation token: the row it belongs to, so that a copy in another row cannot be opened. */
export const buildTokenContext = ({ workspaceId, addonId }: InstallationRef): string =>
  `installations/token/${workspaceId}/${addonId}`;
