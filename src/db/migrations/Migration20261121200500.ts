import { Migration } from '@mikro-orm/migrations';

export class Migration20261121200500 extends Migration {
  override name = 'Migration20261121200500';

  override up(): void | Promise<void> {
    this.addSql(`alter table "installations" add "webhooks_busy_until" timestamptz null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "installations" drop column "webhooks_busy_until";`);
  }
}
