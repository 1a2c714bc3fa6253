import { z } from 'zod';
import { createClockifyClient } from '../../src/clockify/client.ts';
import type { ClockifyClient } from '../../src/clockify/client.ts';
import { AddonError } from '../../src/domain/errors.ts';
import { clockifyId } from '../../src/domain/token-kind.ts';
import type { Secret } from '../../src/platform/secret.ts';
import type { ClockifyHosts } from './regions.ts';

export interface AccountWorkspace {
  readonly id: string;
  readonly name: string;
}

/** Whose key it is, and what it opens. */
export interface Account {
  readonly userId: string;
  readonly workspaces: readonly AccountWorkspace[];
}

const userSchema = z.object({ id: clockifyId });
const workspacesSchema = z.array(z.object({ id: clockifyId, name: z.string().catch('') }));

/** Asks Clockify who the key belongs to, by two requests. Throws a sentence for the person who typed it. */
export async function readAccount(hosts: ClockifyHosts, key: Secret): Promise<Account> {
  const client = createClockifyClient({ allowedDomains: hosts.allowedDomains });
  try {
    const read = readWith(client, hosts, key);
    const { id: userId } = userSchema.parse(await read('/user'));
    return { userId, workspaces: workspacesSchema.parse(await read('/workspaces')) };
  } catch (error) {
    throw explain(error, new URL(hosts.apiUrl).host);
  } finally {
    await client.close();
  }
}

const readWith =
  (client: ClockifyClient, { apiUrl }: ClockifyHosts, secret: Secret) =>
  async (path: string): Promise<unknown> => {
    const credential = { kind: 'personal', secret } as const;
    return (await client.call({ method: 'GET', url: new URL(apiUrl + path), credential })).body;
  };

function explain(error: unknown, host: string): Error {
  if (!(error instanceof AddonError)) return new Error(`${host} does not answer as Clockify does.`, { cause: error });
  if (error.code === 'clockify_token_dead') {
    return new Error(`${host} does not know this API key. Check CLOCKIFY_API_KEY, and --region.`);
  }
  if (error.code === 'clockify_rate_limited') {
    return new Error('Clockify allows no request at the moment. On the FREE plan it may be an hour until it does.');
  }
  return new Error(`${host}: ${error.message}`);
}
