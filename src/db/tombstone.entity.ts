import { defineEntity, p } from '@mikro-orm/core';

const TombstoneSchema = defineEntity({
  name: 'Tombstone',
  tableName: 'tombstones',
  properties: {
    /** SHA-256 of workspace and add-on id: recognises the installation and names nobody. */
    digest: p.text().primary(),
    purgedAt: p.datetime(),
  },
});

/** What is left of a purged installation, so that its old INSTALLED cannot be played again. */
export class Tombstone extends TombstoneSchema.class {}
TombstoneSchema.setClass(Tombstone);
