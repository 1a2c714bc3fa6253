import type { WebhookPreview } from '../bootstrap/api.ts';

/** What a registration would add, keep and remove. */
export function WebhookPlan({ preview }: { readonly preview: WebhookPreview }) {
  const { add, keep, renew, remove, closedBecause } = preview;
  const parts = [
    { name: 'Add', events: add },
    { name: 'Keep', events: keep.map(({ event }) => event) },
    { name: 'Give a new token', events: renew.map(({ event }) => event) },
    { name: 'Remove', events: remove.map(({ event }) => event) },
  ];

  return (
    <>
      {closedBecause !== null && <p className="callout">{closedBecause}</p>}
      <ul className="plan" aria-label="What will be done">
        {parts.map(({ name, events }) => (
          <li key={name} data-plan={name}>
            {events.length === 0 ? (
              <span>{name}: none</span>
            ) : (
              <details>
                <summary>
                  {name}: {events.length}
                </summary>
                <p className="muted">{events.join(', ')}</p>
              </details>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
