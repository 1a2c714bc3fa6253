import { useState } from 'react';
import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { BootstrapOptions } from '../../domain/bootstrap-options.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { ConnectionNote } from '../bootstrap/connection-note.tsx';
import { useFirstCopy, useStart } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { isUnderWay } from '../bootstrap/progress.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { InboxView } from '../inbox/inbox-view.tsx';
import type { LiveState } from '../live/live-status.ts';
import { OrderDialog } from '../orders/order-dialog.tsx';
import { OrderLog } from '../orders/order-log.tsx';
import type { AskedOrder } from '../orders/order-rules.ts';
import { CoveragePanel } from '../changes/coverage-panel.tsx';
import { SelfTest } from '../self-test/self-test.tsx';
import { StartView } from '../start/start-view.tsx';
import { EffectNote } from './effect-note.tsx';
import { type Section, SectionNav } from './sections.tsx';
import { StatusSection } from './status-section.tsx';

interface SnapshotPageProps {
  readonly api: BootstrapApi;
  readonly inbox: Inbox;
  readonly live: LiveState;
  readonly status: BootstrapStatus;
  readonly viewer: string | null;
  readonly reconnect: () => void;
}

/** How far the copy is and whether it is complete, the orders, a new copy, the self-test and the log. */
export function SnapshotPage({ api, inbox, live, status, viewer, reconnect }: SnapshotPageProps) {
  const [section, setSection] = useState<Section>('status');
  const [asked, setAsked] = useState<AskedOrder | null>(null);
  const [effect, setEffect] = useState<string | null>(null);
  const { mutate: start, error: startError, isPending: isStarting } = useStart(api);

  const begin = (options: Partial<BootstrapOptions>) =>
    start(options, {
      onSuccess: ({ status: outcome }) => {
        setEffect(outcome === 'started' ? 'A run has started.' : 'A run is under way already.');
        setSection('status');
      },
    });
  useFirstCopy(status, () => begin({}));
  const { limitPerSecond } = status.budget;

  return (
    <main className="page">
      <header className="page-head">
        <div>
          <h1>Workspace snapshot</h1>
          <p className="muted">A copy of this workspace, read from Clockify and proven complete.</p>
        </div>
        <ConnectionNote state={live} retry={reconnect} />
      </header>
      <SectionNav current={section} onChoose={setSection} />
      <EffectNote effect={effect} onDismiss={() => setEffect(null)} />
      {startError !== null && <RefusalAlert error={startError} title="That did not work." />}
      {section === 'status' && <StatusSection status={status} onAsk={setAsked} onStart={() => setSection('start')} />}
      {section === 'start' && (
        <StartView
          api={api}
          underWay={isUnderWay(status.status)}
          busy={isStarting}
          limitPerSecond={limitPerSecond}
          onStart={begin}
        />
      )}
      {section === 'self-test' && (
        <>
          <SelfTest api={api} />
          <CoveragePanel api={api} onObeyed={setEffect} />
        </>
      )}
      {section === 'webhooks' && <InboxView inbox={inbox} onObeyed={setEffect} />}
      {section === 'log' && <OrderLog api={api} status={status} viewer={viewer} />}
      {asked !== null && (
        <OrderDialog
          api={api}
          asked={asked}
          rate={limitPerSecond}
          onObeyed={setEffect}
          onClose={() => setAsked(null)}
        />
      )}
    </main>
  );
}
