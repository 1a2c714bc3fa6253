import { Migration } from '@mikro-orm/migrations';
import { findWebhookGatesFunction, storeDeliveriesFunction } from '../webhook-events.function.ts';

export class Migration20261121192000 extends Migration {
  override name = 'Migration20261121192000';

  override up(): void | Promise<void> {
    this.addSql(storeDeliveriesFunction);
    this.addSql(findWebhookGatesFunction);
  }

  override down(): void | Promise<void> {
    this.addSql('drop function if exists store_deliveries(json, bytea);');
    this.addSql('drop function if exists find_webhook_gates(text[], text[]);');
  }
}
