import { useState } from 'react';
import type { WebhookVerb } from '../../domain/operator-orders.ts';
import type { BootstrapApi } from '../bootstrap/api.ts';
import { useCoverage } from '../bootstrap/queries.ts';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { CoverageTable } from './coverage-table.tsx';
import { webhookWords } from './coverage-words.ts';
import { WebhookDialog } from './webhook-dialog.tsx';

interface CoveragePanelProps {
  readonly api: BootstrapApi;
  readonly onObeyed: (effect: string) => void;
}

const verbs = Object.keys(webhookWords) as WebhookVerb[];

/** How changes of each kind of data reach the copy, and what can be done about it. */
export function CoveragePanel({ api, onObeyed }: CoveragePanelProps) {
  const { data: coverage, error, isPending } = useCoverage(api);
  const [asked, setAsked] = useState<WebhookVerb | null>(null);

  return (
    <section className="card" aria-labelledby="coverage-title">
      <div className="card-head">
        <div>
          <h2 id="coverage-title">How changes reach the copy</h2>
          <p className="muted">By webhooks of Clockify, by its feed of changes, or by reading again.</p>
        </div>
        <div className="buttons" role="group" aria-label="Webhooks">
          {verbs.map((verb) => (
            <button key={verb} type="button" onClick={() => setAsked(verb)}>
              {webhookWords[verb].button}
            </button>
          ))}
        </div>
      </div>
      {error !== null && <RefusalAlert error={error} title="It could not be loaded how changes arrive." />}
      {isPending && <p role="status">Loading how changes arrive…</p>}
      {coverage !== undefined && <CoverageTable entities={coverage.entities} labelledBy="coverage-title" />}
      {asked !== null && <WebhookDialog api={api} verb={asked} onObeyed={onObeyed} onClose={() => setAsked(null)} />}
    </section>
  );
}
