import { useState } from 'react';
import type { Refusal, RefusalCode } from '../refusal.ts';
import { sentenceOf } from '../sentences.ts';
import type { Session } from '../session.ts';
import { Notice } from './notice.tsx';

interface RefusedViewProps {
  readonly refusal: Refusal;
  readonly session: Session;
  readonly retry: () => void;
}

const screens: { readonly [Code in RefusalCode]?: { readonly title: string; readonly advice: string } } = {
  forbidden: {
    title: 'You cannot use API Studio here',
    advice: 'If your role has changed just now, reload Clockify.',
  },
  workspace_mismatch: {
    title: 'This is another workspace',
    advice: 'Reload Clockify and open API Studio again.',
  },
  installation_inactive: {
    title: 'API Studio is switched off',
    advice: 'A workspace admin can switch it on again in Clockify, among the add-ons in the workspace settings.',
  },
};

const renewalAdvice = {
  open: 'Clockify’s sessions last half an hour. Renew yours to go on.',
  asked: 'Clockify was asked for a new session. If nothing happens, reload Clockify.',
  alone: 'Close this page and open API Studio from Clockify’s sidebar.',
} as const;

/** Takes the place of the page when its status may not be seen, or cannot be loaded. */
export function RefusedView({ refusal, session, retry }: RefusedViewProps) {
  if (refusal.code === 'invalid_token') return <ExpiredView session={session} />;

  const screen = screens[refusal.code];
  const role = session.claims.workspaceRole;
  return (
    <Notice role="alert" title={screen?.title ?? 'The status could not be loaded'}>
      <p>{sentenceOf(refusal.code)}</p>
      {refusal.code === 'forbidden' && role !== null && <p>Your role here is {role}.</p>}
      {screen !== undefined && <p>{screen.advice}</p>}
      {refusal.requestId !== null && <p className="muted">Reference: {refusal.requestId}</p>}
      <button type="button" onClick={retry}>
        Try again
      </button>
    </Notice>
  );
}

function ExpiredView({ session }: { readonly session: Session }) {
  const [answer, setAnswer] = useState<keyof typeof renewalAdvice>('open');
  return (
    <Notice role="alert" title="Your session has expired">
      <p>{renewalAdvice[answer]}</p>
      <button type="button" className="primary" onClick={() => setAnswer(session.renew() ? 'asked' : 'alone')}>
        Renew session
      </button>
    </Notice>
  );
}
