import { findTemporalBinary } from '../scripts/stack/temporal-binary.ts';
import { createTestStack } from './support/test-stack.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

/** Opens the door to the shared parts; each part starts when a test first asks for it. */
export default async function globalSetup(): Promise<void> {
  await obtainTemporal();
  const stack = await createTestStack();
  process.env['TEST_STACK_URL'] = stack.url;
  Object.assign(globalThis, { testStack: stack });
}

/** Before any test, because no time limit of a test allows for building it. Without it only some tests can pass. */
async function obtainTemporal(): Promise<void> {
  try {
    await findTemporalBinary({ log });
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
  }
}
