import { ApplicationFailure, log, patched, setHandler, uuid4 } from '@temporalio/workflow';
import type { EntityType } from '../domain/entities.ts';
import type { OperatorOrder, OperatorVerb } from '../domain/operator-orders.ts';
import type { EntityRunRef } from '../activities/bootstrap.ts';
import { bookkeeping } from './activity-options.ts';
import { defineOrderUpdate, isEndingQuery, parseOrder } from './messages.ts';
import type { createRun } from './run.ts';

type Run = ReturnType<typeof createRun>;

/** How an order ends the run before its time; once it is closing, no order is taken any more. */
export interface Ending {
  wanted: 'cancel' | 'restart' | null;
  isClosing: boolean;
}

interface Steering {
  readonly run: Run;
  readonly ref: Omit<EntityRunRef, 'entity'>;
  readonly ending: Ending;
  readonly stopReading: () => void;
}

interface Handling<Verb extends OperatorVerb> {
  readonly description: string;
  /** Why the order is refused as things stand; null when it can be obeyed. */
  readonly refusal: (order: OperatorOrder<Verb>) => string | null;
  /** Obeys, and says what came of it in a sentence. */
  readonly obey: (order: OperatorOrder<Verb>) => Promise<string> | string;
}

/** Lets an operator steer the run: each order is checked, obeyed, and written to the log with who, why and the effect. */
export function takeOrders({ run, ref, ending, stopReading }: Steering): void {
  const isEnding = (): boolean => ending.isClosing || ending.wanted !== null;
  setHandler(isEndingQuery, isEnding, { description: 'Whether the run has nothing left to do but to end.' });

  async function record(verb: OperatorVerb, order: OperatorOrder, effect: string): Promise<void> {
    const { by = 'Temporal Web UI', reason = null } = order;
    const entity = 'entity' in order ? order.entity : null;
    log.info('order obeyed', { verb, by });
    await bookkeeping.recordOrder({ ...ref, orderId: uuid4(), verb, entity, actor: by, reason, effect });
  }

  function take<Verb extends OperatorVerb>(verb: Verb, { description, refusal, obey }: Handling<Verb>): void {
    setHandler(
      defineOrderUpdate(verb),
      async (given) => {
        const order = parseOrder(verb, given);
        const effect = await obey(order);
        if (patched('orders-are-logged')) await record(verb, order, effect);
        return effect;
      },
      {
        description,
        validator: (given) => {
          const order = parseOrder(verb, given);
          if (isEnding()) refuse('The run is ending.', 'ending');
          const refused = refusal(order);
          if (refused !== null) refuse(refused, 'conflict');
        },
      },
    );
  }

  function end(wanted: 'cancel' | 'restart'): void {
    ending.wanted = wanted;
    stopReading();
  }

  const unknown = (entity: EntityType): string | null =>
    run.isPlanned(entity) ? null : `This run does not read ${entity}.`;

  take('pause', {
    description: 'Stop reading after the pages now on their way. Nothing is lost.',
    refusal: () => (run.stops.operator ? 'The run is paused already.' : null),
    async obey() {
      await run.setStops({ operator: true });
      return 'Paused: no further page is begun.';
    },
  });
  take('resume', {
    description: 'Go on reading where the run was paused.',
    refusal: () => (run.stops.operator ? null : 'The run is not paused.'),
    async obey() {
      await run.setStops({ operator: false });
      return run.stops.switchedOff
        ? 'Resumed: it goes on once the add-on is switched on again.'
        : 'Resumed where it was.';
    },
  });
  take('retryFailed', {
    description: 'Read again what failed or could not be proven complete.',
    refusal: () => (run.listUnread().length === 0 ? 'Nothing has failed in this run.' : null),
    obey() {
      const entities = run.listUnread();
      entities.forEach(run.readAgain);
      return `Reading again: ${entities.join(', ')}.`;
    },
  });
  take('restartEntity', {
    description: 'Read one kind of rows again from the start: {"entity":"tags"}.',
    refusal: ({ entity }) => unknown(entity) ?? (run.hasBegun(entity) ? null : `${entity} has not begun yet.`),
    obey({ entity }) {
      run.readAgain(entity);
      return `Reading again: ${entity}.`;
    },
  });
  take('skipEntity', {
    description: 'Leave one kind of rows out of this run: {"entity":"tags"}.',
    refusal: ({ entity }) => unknown(entity) ?? (run.hasResult(entity) ? `${entity} is done already.` : null),
    obey({ entity, by, reason }) {
      run.skipEntity(
        entity,
        `Left out by order${by === undefined ? '' : ` of ${by}`}${reason === undefined ? '.' : `: ${reason}`}`,
      );
      return `Left out of this run: ${entity}.`;
    },
  });
  take('changeRate', {
    description: 'Read with so many requests a second: {"requestsPerSecond":25}.',
    refusal: () => null,
    async obey({ requestsPerSecond }) {
      await bookkeeping.changeRate({ ...ref, requestsPerSecond });
      return `Reading with at most ${requestsPerSecond} requests a second from the next page on.`;
    },
  });
  take('restartAll', {
    description: 'End this run and begin a new one with the same options.',
    refusal: () => null,
    obey() {
      end('restart');
      return 'This run ends, and a new one begins with the same options.';
    },
  });
  take('cancel', {
    description: 'End this run. What it has read stays.',
    refusal: () => null,
    obey() {
      end('cancel');
      return 'Cancelled: what it has read stays.';
    },
  });
}

function refuse(message: string, type: 'conflict' | 'ending'): never {
  throw ApplicationFailure.nonRetryable(message, type);
}
