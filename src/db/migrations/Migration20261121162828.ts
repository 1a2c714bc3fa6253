import { Migration } from '@mikro-orm/migrations';

export class Migration20261121162828 extends Migration {
  override name = 'Migration20261121162828';

  override up(): void | Promise<void> {
    this.addSql(
      `create policy "operator_reads" on "installations" for select using (current_setting('app.operator', true) = 'on');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop policy "operator_reads" on "installations";`);
  }
}
