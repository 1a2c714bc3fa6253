import { ApplicationFailure, defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { queryNames, signalNames } from '../domain/contract.ts';
import { operatorOrderSchemas } from '../domain/operator-orders.ts';
import type { OperatorOrder, OperatorVerb } from '../domain/operator-orders.ts';

/** Whether page loops may go on. Versions only grow; the loops report which one stopped them. */
export interface Control {
  readonly paused: boolean;
  readonly version: number;
}

/** An update has the name of its verb, takes the order, and answers with what came of it in a sentence. */
export const defineOrderUpdate = <Verb extends OperatorVerb>(verb: Verb) =>
  defineUpdate<string, [OperatorOrder<Verb> | undefined]>(verb);

/** Whether the run takes no further order, since it has nothing left to do but to end. */
export const isEndingQuery = defineQuery<boolean>(queryNames.isEnding);
export const installationStatusSignal = defineSignal<['active' | 'inactive']>(signalNames.installationStatus);
export const controlSignal = defineSignal<[Control]>(signalNames.control);

/** The order as its verb takes it; the Temporal Web UI sends anything, and nothing at all for an empty form. */
export function parseOrder<Verb extends OperatorVerb>(verb: Verb, order: unknown): OperatorOrder<Verb> {
  const parsed = operatorOrderSchemas[verb].safeParse(order ?? {});
  if (parsed.success) return parsed.data as OperatorOrder<Verb>;
  const faults = parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw ApplicationFailure.nonRetryable(`The order is not understood. ${faults.join('; ')}`, 'validation_failed');
}
