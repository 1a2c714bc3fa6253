export { bootstrapWorkflow } from './bootstrap.ts';
export { entityWorkflow } from './entity.ts';
export { installWorkflow } from './install.ts';
export { mailboxWorkflow } from './mailbox.ts';
export { refreshWorkflow } from './refresh.ts';
export { retentionWorkflow } from './retention.ts';
export { uninstallWorkflow } from './uninstall.ts';
