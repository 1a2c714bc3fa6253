import { Migration } from '@mikro-orm/migrations';

export class Migration20261121193000 extends Migration {
  override name = 'Migration20261121193000';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "webhook_event_states" ("workspace_id" text not null, "addon_id" text not null, "event" text not null, "state" text not null, "reason" text null, "checked_at" timestamptz not null, primary key ("workspace_id", "addon_id", "event"));`,
    );
    this.addSql(
      `create table "change_feed_states" ("workspace_id" text not null, "addon_id" text not null, "feed" text not null, "state" text not null, "reason" text null, "checked_at" timestamptz not null, primary key ("workspace_id", "addon_id", "feed"));`,
    );
    this.addSql(`alter table "webhook_registrations" add "webhook_id" text null;`);

    this.addSql(`alter table "webhook_event_states" enable row level security;`);
    this.addSql(`alter table "webhook_event_states" force row level security;`);
    this.addSql(
      `create policy "tenant" on "webhook_event_states" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "change_feed_states" enable row level security;`);
    this.addSql(`alter table "change_feed_states" force row level security;`);
    this.addSql(
      `create policy "tenant" on "change_feed_states" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "webhook_event_states" cascade;`);
    this.addSql(`drop table if exists "change_feed_states" cascade;`);
    this.addSql(`alter table "webhook_registrations" drop column "webhook_id";`);
  }
}
