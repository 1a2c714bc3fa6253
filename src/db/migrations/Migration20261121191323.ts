import { Migration } from '@mikro-orm/migrations';
import { keepEntityVersionFunction, keepEntityVersionTrigger } from '../entity-versions.function.ts';

export class Migration20261121191323 extends Migration {
  override name = 'Migration20261121191323';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "entity_versions" ("workspace_id" text not null, "entity_type" text not null, "entity_id" text not null, "version" int not null, "payload" jsonb not null, "hash" text not null, "source" text not null, "is_deleted" boolean not null, "valid_from" timestamptz(6) not null, "valid_to" timestamptz(6) not null, primary key ("workspace_id", "entity_type", "entity_id", "version"));`,
    );
    this.addSql(
      `create index "entity_versions_history" on "entity_versions" ("workspace_id", "valid_from", "entity_type", "entity_id", "version");`,
    );

    this.addSql(
      `create table "mailboxes" ("workspace_id" text not null, "addon_id" text not null, "awake_until" timestamptz(6) null, "wakings" int not null default 0, primary key ("workspace_id", "addon_id"));`,
    );

    this.addSql(
      `create policy "relay_reads" on "installations" for select using (current_setting('app.relay', true) = 'on');`,
    );

    this.addSql(
      `create policy "relay_reads" on "webhook_events" for select using (state = 'received' and current_setting('app.relay', true) = 'on');`,
    );

    this.addSql(`alter table "workspace_data" add "source" text not null default 'scan';`);
    this.addSql(
      `create index "workspace_data_changes" on "workspace_data" ("workspace_id", "changed_at", "entity_type", "entity_id", "version");`,
    );
    this.addSql(`create index workspace_data_children on workspace_data (workspace_id, entity_type, parent_id)
        where entity_type <> 'time_entries' and parent_id is not null;`);

    this.addSql(`alter table "entity_versions" enable row level security;`);
    this.addSql(`alter table "entity_versions" force row level security;`);
    this.addSql(
      `create policy "tenant" on "entity_versions" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(keepEntityVersionFunction);
    this.addSql(keepEntityVersionTrigger);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "entity_versions" cascade;`);
    this.addSql(`drop table if exists "mailboxes" cascade;`);

    this.addSql(`drop policy "relay_reads" on "installations";`);

    this.addSql(`drop policy "relay_reads" on "webhook_events";`);

    this.addSql(`drop index "workspace_data_changes";`);
    this.addSql(`drop index "workspace_data_children";`);
    this.addSql(`alter table "workspace_data" drop column "source";`);
    this.addSql(`drop function if exists keep_entity_version cascade;`);
  }
}
