import { Migration } from '@mikro-orm/migrations';

export class Migration20261121190700 extends Migration {
  override name = 'Migration20261121190700';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "early_webhooks" ("workspace_id" text not null, "addon_id" text not null, "path" text not null, "token_digest" text not null, "body_hash" bytea not null, "event" text not null, "raw" bytea not null, "body" jsonb null, "headers" jsonb not null, "state" text not null, "reason" text null, "received_at" timestamptz(6) not null, "last_received_at" timestamptz(6) not null, "deliveries" int not null default 1, "request_id" text null, primary key ("workspace_id", "addon_id", "path", "token_digest", "body_hash"));`,
    );

    this.addSql(
      `create table "webhook_events" ("workspace_id" text not null, "addon_id" text not null, "id" bigserial not null, "event" text not null, "body_hash" bytea not null, "window_start" timestamptz(6) not null, "raw" bytea not null, "body" jsonb null, "headers" jsonb not null, "received_at" timestamptz(6) not null, "last_received_at" timestamptz(6) not null, "deliveries" int not null default 1, "state" text not null, "attempts" int not null default 0, "due_at" timestamptz(6) not null, "reason" text null, "effect" text null, "entity_type" text null, "entity_id" text null, "processed_at" timestamptz(6) null, "request_id" text null, primary key ("workspace_id", "addon_id", "id"));`,
    );
    this.addSql(
      `create index webhook_events_due on webhook_events (workspace_id, addon_id, due_at) where state = 'received';`,
    );
    this.addSql(
      `alter table "webhook_events" add constraint "webhook_events_once" unique ("workspace_id", "addon_id", "event", "window_start", "body_hash");`,
    );

    this.addSql(`alter table "early_webhooks" enable row level security;`);
    this.addSql(`alter table "early_webhooks" force row level security;`);
    this.addSql(
      `create policy "tenant" on "early_webhooks" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );
    this.addSql(
      `create policy "sweep" on "early_webhooks" using (current_setting('app.sweeping', true) = 'on') with check (false);`,
    );

    this.addSql(`alter table "webhook_events" enable row level security;`);
    this.addSql(`alter table "webhook_events" force row level security;`);
    this.addSql(
      `create policy "tenant" on "webhook_events" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "early_webhooks" cascade;`);
    this.addSql(`drop table if exists "webhook_events" cascade;`);
  }
}
