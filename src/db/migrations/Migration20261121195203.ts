import { Migration } from '@mikro-orm/migrations';
import { noteDeliveryChangeFunction, noteDeliveryChangeTrigger } from '../inbox.function.ts';

export class Migration20261121195203 extends Migration {
  override name = 'Migration20261121195203';

  override up(): void | Promise<void> {
    // With a default that differs from row to row the table would be written anew.
    this.addSql(`alter table "webhook_events" add "changed_at" timestamptz(6) not null default now();`);
    this.addSql(`alter table "webhook_events" alter column "changed_at" set default clock_timestamp();`);
    this.addSql(
      `create index "webhook_events_newest" on "webhook_events" ("workspace_id", "addon_id", "state", "received_at", "id");`,
    );
    this.addSql(
      `create index "webhook_events_newest_of_event" on "webhook_events" ("workspace_id", "addon_id", "event", "state", "received_at", "id");`,
    );
    this.addSql(
      `create index "webhook_events_changes" on "webhook_events" ("workspace_id", "addon_id", "changed_at");`,
    );
    this.addSql(noteDeliveryChangeFunction);
    this.addSql(noteDeliveryChangeTrigger);
  }

  override down(): void | Promise<void> {
    this.addSql('drop trigger if exists note_delivery_change on webhook_events;');
    this.addSql('drop function if exists note_delivery_change();');
    this.addSql('drop index "webhook_events_newest";');
    this.addSql('drop index "webhook_events_newest_of_event";');
    this.addSql('drop index "webhook_events_changes";');
    this.addSql('alter table "webhook_events" drop column "changed_at";');
  }
}
