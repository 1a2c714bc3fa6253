import { entityFeedAnswers } from './answers/entity-feeds.ts';
import { moneyAnswers } from './answers/money.ts';
import { peopleAnswers } from './answers/people.ts';
import { projectAnswers } from './answers/projects.ts';
import { reportAnswers } from './answers/reports.ts';
import { schedulingAnswers } from './answers/scheduling.ts';
import { timeOffAnswers } from './answers/time-off.ts';
import { timeAnswers } from './answers/time.ts';
import { webhookAnswers } from './answers/webhooks.ts';
import { addonAnswers } from './answers/addon.ts';
import type { AnswerTable } from './context.ts';

/** Every operation the simulator serves. */
export const answers: AnswerTable = {
  ...peopleAnswers,
  ...projectAnswers,
  ...timeAnswers,
  ...moneyAnswers,
  ...timeOffAnswers,
  ...schedulingAnswers,
  ...reportAnswers,
  ...entityFeedAnswers,
  ...addonAnswers,
  ...webhookAnswers,
};
