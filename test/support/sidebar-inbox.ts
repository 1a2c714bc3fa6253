import type { ServerResponse } from 'node:http';
import type { InboxDetail, InboxEvents, InboxLine, InboxPage } from '../../src/domain/inbox.ts';
import type { Answer, SeenRequest } from './sidebar-server.ts';

type Choose = (request: SeenRequest) => Answer;

const found = (body: unknown): Answer => ({ status: 200, body });

export const buildLine = (given: Partial<InboxLine> = {}): InboxLine => ({
  id: '7',
  event: 'NEW_TAG',
  state: 'processed',
  deliveries: 1,
  attempts: 0,
  receivedAt: '2026-11-21T10:00:00.000000Z',
  lastReceivedAt: '2026-11-21T10:00:00.000000Z',
  processedAt: '2026-11-21T10:00:01.500000Z',
  latencyMs: 1500,
  effect: 'changed',
  entityType: 'tags',
  entityId: 'tag-1',
  reason: null,
  changedAt: '2026-11-21T10:00:01.500000Z',
  ...given,
});

export const buildDetail = (given: Partial<InboxDetail> = {}): InboxDetail => ({
  ...buildLine(),
  bytes: 14,
  text: '{"id":"tag-1"}',
  base64: null,
  formatted: '{\n  "id": "tag-1"\n}',
  headers: { host: 'studio.example.com', 'clockify-signature': '[redacted]' },
  requestId: 'req-1',
  workflowId: 'mailbox:w1:a1',
  entity: { type: 'tags', id: 'tag-1', version: 3, isDeleted: false },
  ...given,
});

export const inboxPage = (lines: readonly InboxLine[], next: string | null = null): Answer =>
  found({ lines, next } satisfies InboxPage);

/** The inbox as the page knows it, with answers that a test puts in place, and a stream that tells what the test says. */
export function createSidebarInbox() {
  const seen: SeenRequest[] = [];
  const streams = new Set<ServerResponse>();
  let choose: Choose = () => inboxPage([]);
  let refusal: Answer | null = null;
  let told = 0;

  function write<Name extends keyof InboxEvents>(stream: ServerResponse, event: Name, data: InboxEvents[Name]): void {
    stream.write(`event: ${event}\nid: place-${(told += 1)}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  function openStream({ lastEventId }: SeenRequest, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': connected\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
    if (lastEventId === undefined) write(response, 'reload', {});
  }

  return {
    seen,
    /** Decides from now on what everything but the stream is answered with. */
    answerWith(next: Choose): void {
      seen.length = 0;
      choose = next;
      refusal = null;
    },
    /** Refuses streams from now on. */
    refuseStreams: (answer: Answer): void => void (refusal = answer),
    tell<Name extends keyof InboxEvents>(event: Name, data: InboxEvents[Name]): void {
      for (const stream of streams) write(stream, event, data);
    },
    cutStreams(): void {
      for (const stream of streams) stream.destroy();
    },
    serve(call: SeenRequest, response: ServerResponse): void {
      seen.push(call);
      const isStream = call.path === '/ui/webhooks/events';
      if (isStream && refusal === null) return openStream(call, response);
      const { status, body } = (isStream ? refusal : null) ?? choose(call);
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    },
  };
}
