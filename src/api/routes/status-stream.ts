import type { StatusFeed } from '../status-feed.ts';
import { streamToViewer } from '../viewer-stream.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

export interface StatusStreamDeps {
  readonly statusFeed: StatusFeed;
}

/** The status of the workspace's run as server-sent events, for as long as the viewer's token is good. */
export function addStatusStreamRoute(router: WorkspaceRouter, { statusFeed }: StatusStreamDeps): void {
  router.get('/:workspaceId/events', (ctx) => {
    const { claims } = ctx.state;
    streamToViewer(ctx, claims, (stream, lastEventId, onEnd) => {
      let sentId = lastEventId;
      return statusFeed.listen(claims, {
        onStatus({ id, status }) {
          if (id !== sentId && stream.send({ event: 'status', id, data: status })) sentId = id;
        },
        onEnd,
      });
    });
  });
}
