import { log } from '@temporalio/activity';
import type { MikroORM } from '@mikro-orm/postgresql';
import { purgeOldDeliveries } from '../db/webhook-retention.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface RetentionDeps {
  readonly orm: MikroORM;
  /** For which deliveries are kept. */
  readonly days: number;
  readonly onPurged: (count: number) => void;
}

export function createRetentionActivities({ orm, days, onPurged }: RetentionDeps) {
  return {
    /** Deletes the deliveries of all installations that are too old; tells how many. One that is broken off goes on. */
    purgeOldDeliveries: (): Promise<number> =>
      withHeartbeat(async () => {
        let purged = 0;
        const onBatch = (deleted: number): void => {
          purged += deleted;
          onPurged(deleted);
        };
        await purgeOldDeliveries(orm, { days, onBatch });
        log.info('old deliveries purged', { purged, days });
        return purged;
      }),
  };
}
