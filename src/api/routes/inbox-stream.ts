import { parseStreamPlace } from '../inbox-cursor.ts';
import type { InboxFeed } from '../inbox-feed.ts';
import { presentLine } from '../inbox-list.ts';
import { streamToViewer } from '../viewer-stream.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

export interface InboxStreamDeps {
  readonly inboxFeed: InboxFeed;
}

export const inboxPath = '/ui/webhooks';

/** New and changed deliveries as server-sent events, for as long as the viewer's token is good. */
export function addInboxStreamRoute(router: WorkspaceRouter, { inboxFeed }: InboxStreamDeps): void {
  router.get(`${inboxPath}/events`, (ctx) => {
    const { claims } = ctx.state;
    streamToViewer(ctx, claims, (stream, lastEventId, onEnd) =>
      inboxFeed.listen(claims, {
        place: parseStreamPlace(lastEventId),
        onNews: ({ place, lines }) =>
          lines === null
            ? stream.send({ event: 'reload', id: place, data: {} })
            : stream.send({ event: 'lines', id: place, data: { lines: lines.map(presentLine) } }),
        onEnd,
      }),
    );
  });
}
