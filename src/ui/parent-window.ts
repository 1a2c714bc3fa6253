const title = 'refreshAddonToken';
const defaultOrigin = 'https://app.clockify.me';

/** The origin of the page that frames this one; Clockify's own where the browser does not tell. */
function findParentOrigin({ location, document }: Window): string {
  // Firefox has no ancestorOrigins; the referrer of a framed document is its parent.
  const known = location.ancestorOrigins?.[0] ?? document.referrer;
  return URL.canParse(known) ? new URL(known).origin : defaultOrigin;
}

/** Clockify over https, or, in development, the loopback page that opened this one. */
export function isTrustedOrigin(origin: string, parentOrigin: string): boolean {
  if (!URL.canParse(origin) || new URL(origin).origin !== origin) return false;
  const { protocol, hostname, port } = new URL(origin);
  if (hostname === 'localhost' || hostname === '127.0.0.1') return origin === parentOrigin;
  return protocol === 'https:' && port === '' && (hostname === 'clockify.me' || hostname.endsWith('.clockify.me'));
}

/** Asks Clockify for a new token. Says false when no page that we trust frames this one. */
export function askForToken(window: Window): boolean {
  const origin = findParentOrigin(window);
  if (window.parent === window || !isTrustedOrigin(origin, origin)) return false;
  window.parent.postMessage(JSON.stringify({ action: title }), origin);
  return true;
}

/** Hands on the tokens that the parent sends; every other message is ignored. */
export function onToken(window: Window, accept: (token: string) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (window.parent === window || event.source !== window.parent) return;
    if (!isTrustedOrigin(event.origin, findParentOrigin(window))) return;
    const token = readToken(event.data);
    if (token !== null) accept(token);
  });
}

/** Reads the token of Clockify's answer `{title, body}`, which comes as an object or as JSON text. */
export function readToken(data: unknown): string | null {
  const message = typeof data === 'string' ? parseJson(data) : data;
  if (typeof message !== 'object' || message === null) return null;
  if (!('title' in message) || message.title !== title) return null;
  return 'body' in message && typeof message.body === 'string' ? message.body : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
