import { Migration } from '@mikro-orm/migrations';

export class Migration20261121225522 extends Migration {
  override name = 'Migration20261121225522';

  override up(): void | Promise<void> {
    this.addSql(`alter table "bootstrap_endpoints" add "missed" int null;`);

    this.addSql(`alter table "refresh_marks" add "missed" int not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "bootstrap_endpoints" drop column "missed";`);

    this.addSql(`alter table "refresh_marks" drop column "missed";`);
  }
}
