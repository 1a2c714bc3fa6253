import { Migration } from '@mikro-orm/migrations';

export class Migration20261121193225 extends Migration {
  override name = 'Migration20261121193225';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "receiver" ("id" int not null default 1,  "alive_at" timestamptz(6) not null, "gap_ended_at" timestamptz(6) null, primary key ("id"));`,
    );

    this.addSql(
      `create table "refresh_marks" ("workspace_id" text not null, "addon_id" text not null, "entity_type" text not null, "delta_until" timestamptz(6) null, "event_at" timestamptz(6) null, primary key ("workspace_id", "addon_id", "entity_type"));`,
    );

    this.addSql(
      `create table "refresh_states" ("workspace_id" text not null, "addon_id" text not null, "looked_at" timestamptz(6) not null, "caught_up_at" timestamptz(6) not null, primary key ("workspace_id", "addon_id"));`,
    );

    this.addSql(`alter table "refresh_marks" enable row level security;`);
    this.addSql(`alter table "refresh_marks" force row level security;`);
    this.addSql(
      `create policy "tenant" on "refresh_marks" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(`alter table "refresh_states" enable row level security;`);
    this.addSql(`alter table "refresh_states" force row level security;`);
    this.addSql(
      `create policy "tenant" on "refresh_states" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "receiver" cascade;`);
    this.addSql(`drop table if exists "refresh_marks" cascade;`);
    this.addSql(`drop table if exists "refresh_states" cascade;`);
  }
}
