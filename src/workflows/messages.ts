import { defineSignal, defineUpdate } from '@temporalio/workflow';
import { signalNames, updateNames } from '../domain/contract.ts';

/** Whether page loops may go on. Versions only grow; the loops report which one stopped them. */
export interface Control {
  readonly paused: boolean;
  readonly version: number;
}

/** Who wants it and why; the Web UI may leave both out. */
export interface OperatorOrder {
  readonly by?: string;
  readonly reason?: string;
}

export const pauseUpdate = defineUpdate<void, [OperatorOrder | undefined]>(updateNames.pause);
export const resumeUpdate = defineUpdate<void, [OperatorOrder | undefined]>(updateNames.resume);
export const installationStatusSignal = defineSignal<['active' | 'inactive']>(signalNames.installationStatus);
export const controlSignal = defineSignal<[Control]>(signalNames.control);
