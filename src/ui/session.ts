import { type Claims, decodeClaims } from './claims.ts';
import { askForToken, onToken } from './parent-window.ts';

/** The viewer's session. The token lives here alone: never in storage, a cookie or the address bar. */
export interface Session {
  readonly claims: Claims;
  token(): string;
  /** Asks Clockify for a new token; false when the page is not framed by Clockify. */
  renew(): boolean;
}

// User tokens live 30 minutes.
const renewAfterMs = 25 * 60 * 1000;

/** Opens the session of the token in the address; null without one. `onRenewed` runs after each new token. */
export function openSession(window: Window, onRenewed: () => void): Session | null {
  let token = takeToken(window);
  const claims = decodeClaims(token);
  if (claims === null) return null;

  const renew = () => askForToken(window);
  onToken(window, (renewed) => {
    if (decodeClaims(renewed)?.workspaceId !== claims.workspaceId) return;
    token = renewed;
    onRenewed();
  });
  window.setInterval(renew, renewAfterMs);
  return { claims, token: () => token, renew };
}

function takeToken({ location, history }: Window): string {
  const url = new URL(location.href);
  const token = url.searchParams.get('auth_token') ?? '';
  url.searchParams.delete('auth_token');
  history.replaceState(null, '', url);
  return token;
}
