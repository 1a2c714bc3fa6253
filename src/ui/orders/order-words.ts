import type { LoggedVerb, OperatorVerb } from '../../domain/operator-orders.ts';

interface OrderWords {
  /** On the button that opens the dialog. */
  readonly button: string;
  readonly title: string;
  /** What will happen. */
  readonly explanation: string;
  /** The word to type before it is done; absent: nothing is lost by it. */
  readonly confirmation?: string;
}

/** How each order is offered. The name of the data stands where there is `…`. */
export const orderWords = {
  pause: {
    button: 'Pause',
    title: 'Pause the run',
    explanation: 'No further page is begun. What has been read is kept, and a paused run never expires.',
  },
  resume: {
    button: 'Resume',
    title: 'Resume the run',
    explanation: 'Reading goes on where it was paused.',
  },
  retryFailed: {
    button: 'Retry failed',
    title: 'Retry what failed',
    explanation: 'Everything that failed, or could not be proven complete, is read again.',
  },
  restartEntity: {
    button: 'Read again',
    title: 'Read again: …',
    explanation: 'It is read from its start. The rows that we hold stay until they are proven to be gone.',
  },
  restartAll: {
    button: 'Restart all',
    title: 'Restart everything',
    explanation: 'A run that is under way ends. A new one reads everything again, with the same options.',
    confirmation: 'restart',
  },
  skipEntity: {
    button: 'Skip',
    title: 'Skip: …',
    explanation: 'It is left out of this run, and with it what is read for each of its rows. Older rows are kept.',
  },
  changeRate: {
    button: 'Change rate',
    title: 'Change the rate',
    explanation: 'From the next page on, the run sends at most so many requests a second.',
  },
  cancel: {
    button: 'Cancel run',
    title: 'Cancel the run',
    explanation: 'Reading stops for good. What has been read stays, but the copy is not complete.',
    confirmation: 'cancel',
  },
} as const satisfies Record<OperatorVerb, OrderWords>;

/** How the log tells what was done. */
export const loggedWords = {
  start: 'Started a run',
  pause: 'Paused',
  resume: 'Resumed',
  retryFailed: 'Retried what failed',
  restartEntity: 'Read again',
  restartAll: 'Restarted everything',
  skipEntity: 'Skipped',
  changeRate: 'Changed the rate',
  cancel: 'Cancelled',
  registerWebhooks: 'Registered webhooks',
  rotateWebhookTokens: 'Replaced webhook tokens',
  replayWebhooks: 'Replayed webhooks',
} as const satisfies Record<LoggedVerb, string>;
