import { Migration } from '@mikro-orm/migrations';
import { takeSlotFunction, takeSlotWithoutLaneFunction } from '../rate-limit.function.ts';
import { takeSlotFunctionV1 } from '../rate-limit-v1.function.ts';

export class Migration20261121161000 extends Migration {
  override name = 'Migration20261121161000';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "rate_limits" add "interactive_slot_at" timestamptz(6) not null default now(), add "holders" bigint[] not null default array_fill(0::bigint, array[50]), add "seen_at" timestamptz(6) not null default now();`,
    );
    this.addSql(
      `alter table "rate_limits" alter "interactive_slot_at" drop default, alter "holders" drop default, alter "seen_at" drop default;`,
    );
    this.addSql(takeSlotFunction);
    this.addSql(takeSlotWithoutLaneFunction);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop function take_slot(text, text, interval, int, interval, bigint[]);`);
    this.addSql(takeSlotFunctionV1);
    this.addSql(
      `alter table "rate_limits" drop column "interactive_slot_at", drop column "holders", drop column "seen_at";`,
    );
  }
}
