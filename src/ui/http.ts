import { Refusal, readRefusal } from './refusal.ts';
import type { Session } from './session.ts';

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

const timeoutMs = 15_000;

/** Requests below an address in the name of the viewer. Every failure is thrown as a {@link Refusal}. */
export function createHttp(session: Session, base: string) {
  async function request(path: string, init: Init): Promise<Response> {
    const headers = { ...init.headers, 'X-Addon-Token': session.token() };
    const response = await fetch(base + path, { ...init, headers, credentials: 'omit', cache: 'no-store' }).catch(
      () => {
        throw new Refusal('unreachable');
      },
    );
    if (!response.ok) throw await readRefusal(response);
    return response;
  }

  async function get<Answer>(path: string, milliseconds = timeoutMs): Promise<Answer> {
    const response = await request(path, { signal: AbortSignal.timeout(milliseconds) });
    return (await response.json()) as Answer;
  }

  async function post<Answer>(path: string, body: object, milliseconds = timeoutMs): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json' };
    const signal = AbortSignal.timeout(milliseconds);
    const response = await request(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
    return (await response.json()) as Answer;
  }

  /** Opens a stream of events, from the place that was reached. */
  function stream(path: string, lastEventId: string, signal: AbortSignal): Promise<Response> {
    return request(path, { signal, headers: lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId } });
  }

  return { get, post, stream };
}
