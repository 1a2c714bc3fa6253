export { bootstrapWorkflow } from './bootstrap.ts';
export { entityWorkflow } from './entity.ts';
export { installWorkflow } from './install.ts';
export { uninstallWorkflow } from './uninstall.ts';
