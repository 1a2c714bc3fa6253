import { Migration } from '@mikro-orm/migrations';

export class Migration20261121233200 extends Migration {
  override name = 'Migration20261121233200';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "installations" add "status_told_at" timestamptz null, add "settings_told_at" timestamptz null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "installations" drop column "status_told_at", drop column "settings_told_at";`);
  }
}
