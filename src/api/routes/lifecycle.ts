import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { InstallationRef } from '../../domain/contract.ts';
import { AddonError } from '../../domain/errors.ts';
import {
  deletedPayloadSchema,
  installedPayloadSchema,
  settingsUpdatedPayloadSchema,
  statusChangedPayloadSchema,
} from '../../domain/installation-payloads.ts';
import type { Manifest } from '../../domain/manifest.ts';
import { parseSettings } from '../../domain/manifest-setting-values.ts';
import { readInstallation } from '../installation-claims.ts';
import type { InstallationClaimsDeps } from '../installation-claims.ts';
import type { LifecycleCall } from '../lifecycle-call.ts';
import type { LifecycleIntake } from '../lifecycle-intake.ts';
import { kibibyte, readJson } from '../middleware/read-body.ts';
import { requireToken } from '../middleware/require-token.ts';
import { parse } from '../parse.ts';
import type { BodyState, ClaimsState, JsonState, RequestState } from '../state.ts';

export interface LifecycleRoutesDeps extends InstallationClaimsDeps {
  readonly intake: Pick<LifecycleIntake, 'submit'>;
  readonly manifest: Manifest;
}

type State = RequestState & ClaimsState<'lifecycle'> & BodyState & JsonState;
type Event = LifecycleCall['event'];

const longestBody = 256 * kibibyte;

/** The calls by which Clockify tells that the add-on was installed, switched, configured or removed. */
export function lifecycleRoutes(deps: LifecycleRoutesDeps): Router<State> {
  const { intake, manifest, metrics } = deps;
  const router = new Router<State>({ prefix: '/lifecycle', strict: true, sensitive: true });

  /** Counts the outcome around the gate, so that a refused call counts as a failed one. */
  const count = (event: Event): Middleware<State> =>
    async function countOutcome(_, next) {
      try {
        await next();
        metrics.lifecycleEvents.inc({ event });
      } catch (error) {
        metrics.lifecycleEventsFailed.inc({ event });
        throw error;
      }
    };

  const gate = requireToken('x-addon-lifecycle-token', 'lifecycle', deps);
  const body = readJson(longestBody);
  const accept = (event: Event, read: (state: State) => LifecycleCall | Promise<LifecycleCall>): void => {
    router.post(`/${event}`, count(event), gate, body, async (ctx) => {
      await intake.submit(await read(ctx.state));
      ctx.state.log.info({ event }, 'lifecycle call accepted');
      ctx.status = 204;
    });
  };

  accept('installed', async ({ json, claims, requestId }) => {
    const payload = parse(installedPayloadSchema, json);
    assertSameInstallation(claims, payload);
    return { event: 'installed', requestId, ...(await readInstallation(deps, payload)) };
  });

  accept('status-changed', ({ json, claims, requestId }) => {
    const { status, ...ref } = parse(statusChangedPayloadSchema, json);
    assertSameInstallation(claims, ref);
    const told = { ...ref, toldAt: new Date().toISOString() };
    return { event: 'status-changed', requestId, ...told, status: status === 'ACTIVE' ? 'active' : 'inactive' };
  });

  accept('settings-updated', ({ json, claims, requestId, log }) => {
    const { settings, ...ref } = parse(settingsUpdatedPayloadSchema, json);
    assertSameInstallation(claims, ref);
    const { values, ignored } = parseSettings(manifest, settings);
    if (ignored.length > 0) log.warn({ ignored: ignored.join(' ') }, 'unknown settings ignored');
    return { event: 'settings-updated', requestId, ...ref, toldAt: new Date().toISOString(), values };
  });

  accept('deleted', ({ json, claims, requestId }) => {
    const ref = parse(deletedPayloadSchema, json);
    assertSameInstallation(claims, ref);
    return { event: 'deleted', requestId, ...ref };
  });

  return router;
}

/** The token decides for whom a call speaks; a body that says something else is refused. */
function assertSameInstallation(claims: InstallationRef, body: InstallationRef): void {
  if (claims.workspaceId === body.workspaceId && claims.addonId === body.addonId) return;
  throw new AddonError('workspace_mismatch', 'The token was issued for another installation.');
}
