import { expect, it } from '@jest/globals';
import { AddonError } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import { classifyRefusal } from './webhook-refusal.ts';
import type { EventState } from './webhook-states.ts';

it.each<[ErrorCode, number | null, EventState, boolean]>([
  ['clockify_request_wrong', 4033, 'cap_reached', true],
  ['clockify_feature_gated', 4033, 'cap_reached', true],
  ['clockify_access_closed', null, 'not_accessible', true],
  ['clockify_feature_gated', null, 'not_accessible', true],
  ['clockify_request_wrong', 3000, 'refused', false],
  ['clockify_entity_gone', 501, 'refused', false],
  ['clockify_token_dead', 4017, 'failed', true],
  ['clockify_rate_limited', null, 'failed', true],
  ['clockify_unavailable', null, 'failed', true],
  ['clockify_workspace_unknown', null, 'failed', true],
  ['egress_refused', null, 'failed', true],
])('%s with code %p leaves the event %s; that it ends the attempts is %p', (code, errorNumber, state, isFinal) => {
  const error = new AddonError(code, 'A sentence.', errorNumber === null ? {} : { errorNumber });
  expect(classifyRefusal(error)).toEqual({ state, isFinal, reason: expect.stringMatching(/^[A-Z].*\.$/) });
});
