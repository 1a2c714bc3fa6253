import { failed, ok, unknown, warning } from './check-result.ts';
import type { CheckResult } from './diagnosis.ts';
import type { DiagnosisFacts, Probe, ProbeOutcome } from './diagnosis-facts.ts';
import { featureOf } from './features.ts';

const noAnswer: readonly ProbeOutcome[] = ['clockify_unavailable', 'clockify_timeout', 'clockify_answer_malformed'];
const notClockify: readonly ProbeOutcome[] = [...noAnswer, 'clockify_request_wrong', 'clockify_workspace_unknown'];
const opened: readonly ProbeOutcome[] = ['ok', 'clockify_feature_gated'];

/** Does Clockify accept the installation token? Error 4017 is its word for a dead one. */
export function judgeToken({ workspace, probes }: DiagnosisFacts): CheckResult {
  const outcomes = [workspace, ...(probes ?? []).filter(({ base }) => base === 'api').map(({ outcome }) => outcome)];
  if (outcomes.includes('clockify_token_dead')) {
    return failed(
      'token',
      'Clockify no longer accepts the installation token.',
      'Install the add-on again: this brings a new token. If it is installed, its host may belong to another region.',
    );
  }
  if (outcomes.some((outcome) => opened.includes(outcome))) return ok('token', 'Clockify accepts the token.');
  if (workspace === 'clockify_access_closed') {
    return failed(
      'token',
      'Clockify knows the token, but opens nothing to it.',
      'Switch the add-on on in the workspace, and check the permissions it was given.',
    );
  }
  return unknown('token', 'The token could not be tried, because Clockify gave no usable answer.');
}

/** Are the hosts that the token names Clockify's, and those of the workspace? */
export function judgeHost(facts: DiagnosisFacts): CheckResult {
  return judgeApiHost(facts) ?? judgeReportsHost(facts);
}

/** Null: nothing is wrong with it. */
function judgeApiHost({ hosts, workspace }: DiagnosisFacts): CheckResult | null {
  const { host, pathname } = new URL(hosts.apiUrl);
  if (workspace === 'egress_refused') {
    return failed(
      'host',
      `${host} redirects, or is not on the list of hosts that may be called.`,
      'Compare it with CLOCKIFY_ALLOWED_API_DOMAINS; if it is none of Clockify, remove the add-on.',
    );
  }
  if (noAnswer.includes(workspace)) {
    return failed('host', `${host} does not answer as Clockify does.`, 'Check the network, then test again.');
  }
  if (notClockify.includes(workspace)) {
    return failed(
      'host',
      `${host} answers, but does not know the workspace.`,
      'The workspace may have moved to another region: install the add-on again.',
    );
  }
  if (workspace === 'clockify_rate_limited' || workspace === 'not_tried') {
    return unknown('host', `${host} was not asked, because the request budget is used up.`);
  }
  if (pathname.endsWith('/api/v1')) return null;
  return warning('host', `${host} answers, but its path does not end in /api/v1.`, 'Install the add-on again.');
}

function judgeReportsHost({ hosts, probes }: DiagnosisFacts): CheckResult {
  const { host } = new URL(hosts.apiUrl);
  if (hosts.reportsUrl === null) {
    return warning(
      'host',
      `${host} answers; the token names no host for reports, so shared reports are skipped.`,
      'Install the add-on again to get a token that names one.',
    );
  }
  const reports = new URL(hosts.reportsUrl).host;
  const outcome = probes?.find(({ base }) => base === 'reports')?.outcome ?? 'not_tried';
  if (outcome === 'not_tried' || outcome === 'clockify_rate_limited') {
    return ok('host', `${host} answers; ${reports} for reports was not asked.`);
  }
  if (outcome === 'egress_refused' || notClockify.includes(outcome)) {
    return failed(
      'host',
      `${host} answers, but ${reports} for reports does not answer as Clockify does.`,
      'Check the network and CLOCKIFY_ALLOWED_API_DOMAINS; until then shared reports are missing.',
    );
  }
  if (outcome === 'clockify_token_dead') {
    return warning(
      'host',
      `${host} accepts the token, ${reports} for reports does not.`,
      'Shared reports are skipped. Install the add-on again if they should be read.',
    );
  }
  return ok('host', `${host} answers, and so does ${reports} for reports.`);
}

/** Were the permissions given that the manifest asks for? Only reads are tried. */
export function judgeScopes({ workspace, probes }: DiagnosisFacts): CheckResult {
  if (probes === null) {
    return unknown(
      'scopes',
      'The permissions were not tried, to leave the few requests of this workspace to the copy.',
      'Run the test by hand to try them: it takes about ten requests.',
    );
  }
  const missing = namesOf(probes.filter(isRefused));
  const untried = namesOf(probes.filter(({ outcome }) => outcome !== 'ok' && !isDecided(outcome)));
  if (workspace === 'clockify_token_dead' || probes.length === untried.length) {
    return unknown('scopes', 'The permissions could not be tried.');
  }
  if (missing.length > 0) {
    return failed(
      'scopes',
      `Clockify refuses what needs ${missing.join(', ')}.`,
      'Give the add-on these permissions, by an update or a new install; until then what they open is skipped.',
    );
  }
  const tried = probes.length - untried.length;
  const rest = untried.length === 0 ? '' : ` Not tried: ${untried.join(', ')}.`;
  return ok('scopes', `${tried} of ${probes.length} read permissions were tried, and none is missing.${rest}`);
}

/** The documented answer to a missing permission is 403, the live one 401; a missing feature is 403 as well. */
const isRefused = ({ entity, outcome }: Probe): boolean =>
  outcome === 'clockify_access_closed' || (outcome === 'clockify_feature_gated' && featureOf[entity] === undefined);

const isDecided = (outcome: ProbeOutcome): boolean =>
  opened.includes(outcome) || outcome === 'clockify_access_closed' || outcome === 'clockify_entity_gone';

const namesOf = (probes: readonly Probe[]): string[] => probes.map(({ scope }) => scope);
