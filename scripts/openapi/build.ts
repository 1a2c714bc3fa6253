import { readFileSync, writeFileSync } from 'node:fs';
import { buildDocument } from './document.ts';
import type { Facts } from './facts.ts';
import { summaries } from './summaries.ts';

const [operationsPath, schemasPath] = process.argv.slice(2);
if (operationsPath === undefined || schemasPath === undefined) {
  console.error('Usage: npm run openapi -- <operations.json> <schemas.json>');
  process.exit(1);
}

const document = buildDocument({
  operations: readJson(operationsPath) as Facts['operations'],
  schemas: readJson(schemasPath) as Facts['schemas'],
  summaries,
});
writeFileSync('openapi.json', `${JSON.stringify(document, null, 2)}\n`);

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
