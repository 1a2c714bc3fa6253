import { createTestStack } from './support/test-stack.ts';

/** Opens the door to the shared parts; each part starts when a test first asks for it. */
export default async function globalSetup(): Promise<void> {
  const stack = await createTestStack();
  process.env['TEST_STACK_URL'] = stack.url;
  Object.assign(globalThis, { testStack: stack });
}
