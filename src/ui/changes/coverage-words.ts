import type { CoverageWay } from '../../domain/coverage.ts';
import type { WebhookVerb } from '../../domain/operator-orders.ts';

export const wayWords = {
  push: 'At once',
  delta: 'From the feed',
  poll: 'When read again',
} as const satisfies Record<CoverageWay, string>;

interface WebhookWords {
  /** On the button that opens the dialog, and on the one that does it. */
  readonly button: string;
  readonly title: string;
  /** What will happen. */
  readonly explanation: string;
}

export const webhookWords = {
  registerWebhooks: {
    button: 'Register webhooks',
    title: 'Register webhooks',
    explanation: 'Clockify is asked for one webhook for each event. Those that are there stay.',
  },
  rotateWebhookTokens: {
    button: 'Replace tokens',
    title: 'Replace the tokens of webhooks',
    explanation:
      'The webhooks that the add-on made get new tokens. Whoever knows an old one can no longer send us anything.',
  },
} as const satisfies Record<WebhookVerb, WebhookWords>;
