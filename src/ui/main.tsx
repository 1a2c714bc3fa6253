import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBootstrapApi } from './bootstrap/api.ts';
import { themeOf } from './claims.ts';
import { createFormatter } from './format.ts';
import { FormatContext } from './format-context.ts';
import { createInbox } from './inbox/inbox.ts';
import { createLiveStatus } from './live/live-status.ts';
import { openSession } from './session.ts';
import './styles/theme.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/forms.css';
import './styles/run.css';
import './styles/states.css';
import './styles/inbox.css';
import './styles/entity.css';
import './styles/narrow.css';
import { BootstrapView } from './views/bootstrap-view.tsx';
import { NoSessionView } from './views/no-session-view.tsx';

// The browser's own word on being online is wrong too often to hold requests back.
const defaults = { networkMode: 'always', retry: false } as const;
const queries = new QueryClient({ defaultOptions: { queries: defaults, mutations: defaults } });
const session = openSession(window, () => {
  live?.restart();
  inbox?.live.restart();
  void queries.invalidateQueries();
});
const api = session && createBootstrapApi(session);
const inbox = session && createInbox(session);
const live = api && createLiveStatus({ open: api.openEvents });

const theme = themeOf(session?.claims.theme ?? null);
if (theme !== null) document.documentElement.dataset['theme'] = theme;

const root = document.getElementById('root');
if (root === null) throw new Error('The document has no root element.');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <FormatContext value={createFormatter(session?.claims.language ?? null)}>
        {session && api && live && inbox ? (
          <BootstrapView session={session} api={api} live={live} inbox={inbox} />
        ) : (
          <NoSessionView />
        )}
      </FormatContext>
    </QueryClientProvider>
  </StrictMode>,
);
