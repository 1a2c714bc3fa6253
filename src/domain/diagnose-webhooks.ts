import { failed, ok, warning } from './check-result.ts';
import type { CheckResult } from './diagnosis.ts';
import type { DiagnosisFacts, LoggedDelivery } from './diagnosis-facts.ts';
import { isOpen } from './webhook-states.ts';
import type { EventLine } from './webhook-states.ts';

type WebhookFacts = DiagnosisFacts['webhooks'];

/** A delivery may be on its way into the table while the log is read. */
const underWayMs = 60_000;

/** Do the events of Clockify arrive, and which cannot? */
export function judgeWebhooks({ webhooks }: DiagnosisFacts): CheckResult {
  return judgeSwitches(webhooks) ?? judgeLog(webhooks) ?? judgeRegistration(webhooks) ?? tellArrivals(webhooks);
}

function judgeSwitches({ events }: WebhookFacts): CheckResult | null {
  const off = events.filter(({ state }) => state === 'disabled');
  if (off.length === 0) return null;
  return failed(
    'webhooks',
    `Clockify has switched off the webhooks of ${namesOf(off)}.`,
    "See that the add-on's public address can be reached, then switch them on in Clockify; until then these changes are read later.",
  );
}

/** What the log of Clockify says of its own attempts, against what is stored. */
function judgeLog({ logged, received }: WebhookFacts): CheckResult | null {
  const refused = logged.filter(({ statusCode }) => !isSuccess(statusCode));
  if (refused.length > 0) {
    return failed(
      'webhooks',
      `The last delivery of ${refused.map(tellAnswer).join(', ')}.`,
      "See that the add-on's public address can be reached; Clockify switches a webhook off that fails for long.",
    );
  }
  const lost = logged.filter(({ event, answeredAt }) => {
    const storedAt = received[event];
    return storedAt === undefined || Date.parse(answeredAt) - Date.parse(storedAt) > underWayMs;
  });
  if (lost.length === 0) return null;
  return failed(
    'webhooks',
    `Clockify delivered ${namesOf(lost)} more recently than anything that is stored here.`,
    'Something between Clockify and the add-on answers in its place. Copy the kinds of rows again afterwards.',
  );
}

function judgeRegistration({ events }: WebhookFacts): CheckResult | null {
  const broken = events.filter(({ state }) => state === 'refused' || state === 'failed');
  if (broken.length > 0) {
    return warning(
      'webhooks',
      `${broken.length} of ${events.length} events could not be registered. ${broken[0]?.reason ?? ''}`.trimEnd(),
      'It is tried again every hour; register the webhooks again to try it now. Until then these changes are read later.',
    );
  }
  if (events.some(isOpen)) return null;
  return warning(
    'webhooks',
    'No event of Clockify arrives, so changes are only found by reading.',
    'Let the manifest declare webhooks (WEBHOOK_LIMIT), and install the add-on again.',
  );
}

function tellArrivals({ events, received }: WebhookFacts): CheckResult {
  const open = events.filter(isOpen).length;
  const arrivals = `${open} of ${events.length} events arrive by webhook.${tellRest(events)}`;
  const [newest] = Object.entries(received).toSorted(([, a], [, b]) => b.localeCompare(a));
  const last = newest === undefined ? 'None has come yet.' : `The last was ${newest[0]}, at ${newest[1]}.`;
  return ok('webhooks', `${arrivals} ${last}`);
}

function tellRest(events: readonly EventLine[]): string {
  if (events.some(({ state }) => state === 'cap_reached')) return ' Clockify allows no more.';
  if (events.some(({ state }) => state === 'not_accessible')) return ' The add-on may register no others.';
  return events.every(isOpen) ? '' : ' Nobody has tried to register the others yet.';
}

const isSuccess = (statusCode: number | null): boolean => statusCode !== null && statusCode >= 200 && statusCode < 300;

const tellAnswer = ({ event, statusCode, answeredAt }: LoggedDelivery): string =>
  `${event} was answered ${statusCode === null ? 'by nobody' : `with ${statusCode}`} at ${answeredAt}`;

const namesOf = (lines: readonly { readonly event: string }[]): string => lines.map(({ event }) => event).join(', ');
