import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { themeOf } from './claims.ts';
import { createFormatter } from './format.ts';
import { FormatContext } from './format-context.ts';
import { openSession } from './session.ts';
import './styles/theme.css';
import './styles/controls.css';
import './styles/bootstrap.css';
import './styles/narrow.css';
import { BootstrapView } from './views/bootstrap-view.tsx';
import { NoSessionView } from './views/no-session-view.tsx';

// The browser's own word on being online is wrong too often to hold requests back.
const defaults = { networkMode: 'always', retry: false } as const;
const queries = new QueryClient({ defaultOptions: { queries: defaults, mutations: defaults } });
const session = openSession(window, () => void queries.invalidateQueries());

const theme = themeOf(session?.claims.theme ?? null);
if (theme !== null) document.documentElement.dataset['theme'] = theme;

const root = document.getElementById('root');
if (root === null) throw new Error('The document has no root element.');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <FormatContext value={createFormatter(session?.claims.language ?? null)}>
        {session === null ? <NoSessionView /> : <BootstrapView session={session} />}
      </FormatContext>
    </QueryClientProvider>
  </StrictMode>,
);
