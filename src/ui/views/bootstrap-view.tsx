import type { BootstrapApi } from '../bootstrap/api.ts';
import type { LiveStatus } from '../live/live-status.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { useLive } from '../live/use-live.ts';
import { toRefusal } from '../refusal.ts';
import type { Session } from '../session.ts';
import { Notice } from './notice.tsx';
import { RefusedView } from './refused-view.tsx';
import { SnapshotPage } from './snapshot-page.tsx';

interface BootstrapViewProps {
  readonly session: Session;
  readonly api: BootstrapApi;
  readonly live: LiveStatus;
  readonly inbox: Inbox;
}

/** The page of the workspace's snapshot, once its status is known and may be seen. */
export function BootstrapView({ session, api, live, inbox }: BootstrapViewProps) {
  const state = useLive(live);
  const { status, connection, refusal } = state;

  if (connection === 'refused' || (status === null && refusal !== null)) {
    return <RefusedView refusal={toRefusal(refusal)} session={session} retry={live.restart} />;
  }
  if (status === null) return <Notice title="Loading the workspace snapshot…" />;
  return (
    <SnapshotPage
      api={api}
      inbox={inbox}
      live={state}
      status={status}
      viewer={session.claims.user}
      reconnect={live.restart}
    />
  );
}
