import { Migration } from '@mikro-orm/migrations';
import { takeSlotFunctionV1 } from '../rate-limit-v1.function.ts';

export class Migration20261121134834 extends Migration {
  override name = 'Migration20261121134834';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "bootstrap_endpoints" ("workspace_id" text not null, "run_id" text not null, "entity" text not null, "state" text not null, "expected" int null, "stored" int null, "complete" boolean null, "evidence" text null, "reason" text null, "last_error" text null, "started_at" timestamptz null, "finished_at" timestamptz null, primary key ("workspace_id", "run_id", "entity"));`,
    );

    this.addSql(
      `create table "bootstrap_jobs" ("workspace_id" text not null, "run_id" text not null, "addon_id" text not null, "status" text not null, "options" jsonb not null, "request_id" text not null, "paused" boolean not null, "control_version" int not null, "started_at" timestamptz not null, "finished_at" timestamptz null, primary key ("workspace_id", "run_id"));`,
    );
    this.addSql(`create index "bootstrap_jobs_latest" on "bootstrap_jobs" ("workspace_id", "started_at");`);

    this.addSql(
      `create table "bootstrap_loops" ("workspace_id" text not null, "run_id" text not null, "entity" text not null, "loop" int not null, "cursor" jsonb not null, "fence" int not null, "pages" int not null, "rows" int not null, "requests" int not null, "updated_at" timestamptz not null, primary key ("workspace_id", "run_id", "entity", "loop"));`,
    );

    this.addSql(
      `create table "bootstrap_pages" ("workspace_id" text not null, "run_id" text not null, "entity" text not null, "loop" int not null, "seq" int not null, "entity_ids" text[] not null, "fetched_at" timestamptz not null, primary key ("workspace_id", "run_id", "entity", "loop", "seq"));`,
    );

    this.addSql(
      `create table "installations" ("workspace_id" text not null, "addon_id" text not null, "status" text not null, "api_url" text not null, "reports_url" text null, "owner_user_id" text not null, "as_user" text null, "addon_user_id" text null, "token" text not null, "token_digest" text not null, "pending_token" text null, "pending_token_digest" text null, "settings" jsonb not null, "plan" text null, "installed_at" timestamptz not null, "updated_at" timestamptz not null, "last_bootstrap_at" timestamptz null, primary key ("workspace_id", "addon_id"));`,
    );
    this.addSql(
      `create unique index installations_one_active on installations (workspace_id) where status in ('active', 'inactive');`,
    );

    this.addSql(
      `create table "outbox" ("id" bigserial primary key, "workspace_id" text not null, "addon_id" text not null, "event" text not null, "payload" jsonb not null, "created_at" timestamptz not null);`,
    );

    this.addSql(
      `create table "rate_limits" ("workspace_id" text not null, "next_slot_at" timestamptz(6) not null, "grants" bigint not null, "answered_at" timestamptz[] not null, "hourly_limit" int null, "recent_grants" timestamptz[] not null, "hour_started_at" timestamptz(6) not null, "hour_grants" int not null, "refusals" int not null, "paused_until" timestamptz(6) null, primary key ("workspace_id"));`,
    );

    this.addSql(
      `create table "webhook_registrations" ("workspace_id" text not null, "addon_id" text not null, "path" text not null, "event" text not null, "kind" text not null, "token_digest" text not null, "created_at" timestamptz not null, primary key ("workspace_id", "addon_id", "path"));`,
    );

    this.addSql(
      `create table "workspace_data" ("workspace_id" text not null, "entity_type" text not null, "entity_id" text not null, "parent_id" text null, "payload" jsonb not null, "hash" text not null, "version" int not null, "observed_at" timestamptz(6) not null, "changed_at" timestamptz(6) not null, "deleted_at" timestamptz(6) null, primary key ("workspace_id", "entity_type", "entity_id"));`,
    );

    this.addSql(`alter table "bootstrap_endpoints" enable row level security;`);
    this.addSql(`alter table "bootstrap_endpoints" force row level security;`);
    this.addSql(
      `create policy "tenant" on "bootstrap_endpoints" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "bootstrap_jobs" enable row level security;`);
    this.addSql(`alter table "bootstrap_jobs" force row level security;`);
    this.addSql(
      `create policy "tenant" on "bootstrap_jobs" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "bootstrap_loops" enable row level security;`);
    this.addSql(`alter table "bootstrap_loops" force row level security;`);
    this.addSql(
      `create policy "tenant" on "bootstrap_loops" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "bootstrap_pages" enable row level security;`);
    this.addSql(`alter table "bootstrap_pages" force row level security;`);
    this.addSql(
      `create policy "tenant" on "bootstrap_pages" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "installations" enable row level security;`);
    this.addSql(`alter table "installations" force row level security;`);
    this.addSql(
      `create policy "tenant" on "installations" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "rate_limits" enable row level security;`);
    this.addSql(`alter table "rate_limits" force row level security;`);
    this.addSql(
      `create policy "tenant" on "rate_limits" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "webhook_registrations" enable row level security;`);
    this.addSql(`alter table "webhook_registrations" force row level security;`);
    this.addSql(
      `create policy "tenant" on "webhook_registrations" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "workspace_data" enable row level security;`);
    this.addSql(`alter table "workspace_data" force row level security;`);
    this.addSql(
      `create policy "tenant" on "workspace_data" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(takeSlotFunctionV1);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop function if exists take_slot;`);
    this.addSql(`drop table if exists "bootstrap_endpoints" cascade;`);
    this.addSql(`drop table if exists "bootstrap_jobs" cascade;`);
    this.addSql(`drop table if exists "bootstrap_loops" cascade;`);
    this.addSql(`drop table if exists "bootstrap_pages" cascade;`);
    this.addSql(`drop table if exists "installations" cascade;`);
    this.addSql(`drop table if exists "outbox" cascade;`);
    this.addSql(`drop table if exists "rate_limits" cascade;`);
    this.addSql(`drop table if exists "webhook_registrations" cascade;`);
    this.addSql(`drop table if exists "workspace_data" cascade;`);
  }
}
