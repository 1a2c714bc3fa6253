import { useMemo } from 'react';
import { createBootstrapApi } from '../bootstrap/api.ts';
import { EntityTable } from '../bootstrap/entity-table.tsx';
import { PauseForm } from '../bootstrap/pause-form.tsx';
import { isUnderWay } from '../bootstrap/progress.ts';
import { useBootstrapCommand, useBootstrapStatus, useFirstCopy } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { RunOverview } from '../bootstrap/run-overview.tsx';
import { StartForm } from '../bootstrap/start-form.tsx';
import { isDenial, toRefusal } from '../refusal.ts';
import type { Session } from '../session.ts';
import { Notice } from './notice.tsx';
import { RefusedView } from './refused-view.tsx';

/** The page of the workspace's snapshot: how far it is, whether it is complete, and the controls of a run. */
export function BootstrapView({ session }: { readonly session: Session }) {
  const api = useMemo(() => createBootstrapApi(session), [session]);
  const { data: status, error, refetch } = useBootstrapStatus(api);
  const command = useBootstrapCommand(api);
  useFirstCopy(status, () => command.mutate({ action: 'start', body: {} }));

  if (error !== null && (status === undefined || isDenial(error))) {
    return <RefusedView refusal={toRefusal(error)} session={session} retry={() => void refetch()} />;
  }
  if (status === undefined) return <Notice title="Loading the workspace snapshot…" />;

  const busy = command.isPending;
  const underWay = isUnderWay(status.status);
  return (
    <main className="page">
      <header>
        <h1>Workspace snapshot</h1>
        <p className="muted">A copy of this workspace, read from Clockify and proven complete.</p>
      </header>
      {error !== null && <RefusalAlert error={error} title="The figures below are not up to date." />}
      {command.error !== null && <RefusalAlert error={command.error} title="That did not work." />}
      <RunOverview status={status} />
      <div className="controls">
        <StartForm
          underWay={underWay}
          busy={busy}
          limitPerSecond={status.budget.limitPerSecond}
          onStart={(body) => command.mutate({ action: 'start', body })}
        />
        <PauseForm
          status={status.status}
          busy={busy}
          onSend={(action, reason) => command.mutate({ action, body: reason === null ? {} : { reason } })}
        />
      </div>
      {status.entities.length > 0 && (
        <EntityTable
          entities={status.entities}
          disabled={busy || underWay}
          onReadAgain={(entity) => command.mutate({ action: 'start', body: { only: [entity] } })}
        />
      )}
    </main>
  );
}
