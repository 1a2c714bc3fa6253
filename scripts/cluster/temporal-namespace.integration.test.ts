import { Connection } from '@temporalio/client';
import { expect, test } from '@jest/globals';
import { searchAttributes } from '../../src/domain/contract.ts';
import { testTemporal } from '../../test/support/temporal.ts';
import { findFreePort } from '../stack/free-port.ts';
import { prepareNamespace } from './temporal-namespace.ts';

test('a namespace that is there is left as it is, with every search attribute as a keyword', async () => {
  const { address } = await testTemporal();
  await prepareNamespace(address);
  await prepareNamespace(address);
  const connection = await Connection.connect({ address });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    for (const name of searchAttributes) expect(customAttributes[name]).toBe(2);
  } finally {
    await connection.close();
  }
});

test('a server that does not come up is named', async () => {
  const address = `127.0.0.1:${await findFreePort()}`;
  await expect(prepareNamespace(address, 0)).rejects.toThrow(`Temporal does not answer at ${address}`);
});
