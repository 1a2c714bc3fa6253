// Writes the migration that brings DATABASE_URL's schema to what the entities say; read it before committing it.
import { createOrm } from '../src/db/orm.ts';

const databaseUrl = process.env['DATABASE_URL'];
if (!databaseUrl) throw new Error('DATABASE_URL must name a database that has all earlier migrations');
const orm = createOrm(databaseUrl);
const { fileName } = await orm.migrator.create();
console.log(fileName);
await orm.close(true);
