import { sharedPart } from './shared-part.ts';

/** The run's Temporal server: use a task queue and workflow ids of your own, and terminate nobody else's workflows. */
export const testTemporal = (): Promise<{ readonly address: string }> => sharedPart('temporal');

/** The bundle of all workflows, built once a run, for `Worker.create({ workflowBundle })`. */
export const testWorkflowBundle = (): Promise<{ readonly codePath: string }> => sharedPart('workflowBundle');
