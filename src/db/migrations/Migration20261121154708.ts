import { Migration } from '@mikro-orm/migrations';
import { keepOperatorActionsFunction, keepOperatorActionsTrigger } from '../operator-actions.function.ts';

export class Migration20261121154708 extends Migration {
  override name = 'Migration20261121154708';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "operator_actions" ("workspace_id" text not null, "addon_id" text not null, "seq" int not null, "order_id" text not null, "run_id" text null, "verb" text not null, "entity" text null, "actor" text not null, "reason" text null, "effect" text not null, "at" timestamptz(6) not null, "hash" text not null, primary key ("workspace_id", "addon_id", "seq"));`,
    );

    this.addSql(
      `alter table "operator_actions" add constraint "operator_actions_once" unique ("workspace_id", "addon_id", "order_id");`,
    );

    this.addSql(
      `create table "tombstones" ("digest" text not null, "purged_at" timestamptz not null, primary key ("digest"));`,
    );

    this.addSql(`alter table "bootstrap_endpoints" add "last_error_code" text null;`);

    this.addSql(`alter table "bootstrap_jobs" add "requests_per_second" double precision null;`);

    this.addSql(
      `alter table "installations" add "kind" text not null default 'addon', add "doubted_at" timestamptz null, add "diagnosis" jsonb null;`,
    );

    this.addSql(`alter table "operator_actions" enable row level security;`);
    this.addSql(`alter table "operator_actions" force row level security;`);
    this.addSql(
      `create policy "tenant" on "operator_actions" using (workspace_id = nullif(current_setting('app.workspace_id', true), '')) with check (workspace_id = nullif(current_setting('app.workspace_id', true), ''));`,
    );

    this.addSql(keepOperatorActionsFunction);
    this.addSql(keepOperatorActionsTrigger);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "operator_actions" cascade;`);
    this.addSql(`drop table if exists "tombstones" cascade;`);

    this.addSql(`alter table "bootstrap_endpoints" drop column "last_error_code";`);

    this.addSql(`alter table "bootstrap_jobs" drop column "requests_per_second";`);

    this.addSql(`alter table "installations" drop column "kind", drop column "doubted_at", drop column "diagnosis";`);

    this.addSql(`drop function if exists keep_operator_actions;`);
  }
}
