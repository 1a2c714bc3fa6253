import { resealTokens } from '../activities/reseal-tokens.ts';
import { createOrm } from '../db/orm.ts';
import { loadConfig } from '../platform/config.ts';
import { createTokenSeal } from '../platform/token-seal.ts';

const config = loadConfig(process.env);
const orm = createOrm(config.databaseUrl);
try {
  const changed = await resealTokens({ orm, seal: createTokenSeal(config.tokenEncryptionKeys) });
  process.stdout.write(`${changed} token(s) sealed anew\n`);
} finally {
  await orm.close(true);
}
