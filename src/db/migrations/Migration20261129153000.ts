import { Migration } from '@mikro-orm/migrations';
import { noteDeliveryIdsFunction, noteDeliveryIdsTrigger } from '../delivery-ids.function.ts';

export class Migration20261129153000 extends Migration {
  override name = 'Migration20261129153000';

  override up(): void | Promise<void> {
    this.addSql(`alter table "webhook_events" add "ids" jsonb null;`);
    this.addSql(noteDeliveryIdsFunction);
    this.addSql(noteDeliveryIdsTrigger);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists note_delivery_ids on webhook_events;`);
    this.addSql(`drop function if exists note_delivery_ids();`);
    this.addSql(`alter table "webhook_events" drop column "ids";`);
  }
}
