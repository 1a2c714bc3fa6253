import { expect, test } from '@jest/globals';
import { chooseWorkspace } from './choose-workspace.ts';
import type { Terminal } from './terminal.ts';

const own = { id: 'a'.repeat(24), name: 'Own' };
const acme = { id: 'b'.repeat(24), name: 'Acme \u001b[31mInc\u200e' };
const nobody: Terminal = { isInteractive: false, ask: () => Promise.reject(new Error('nobody is asked')) };

function person(...answers: string[]): Terminal & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    isInteractive: true,
    ask(question) {
      asked.push(question);
      return Promise.resolve(answers.shift() ?? '');
    },
  };
}

test('the one that was named is taken without asking', async () => {
  expect(await chooseWorkspace([own, acme], acme.id, nobody)).toBe(acme);
});

test('the person chooses by number, and is asked until the answer is one', async () => {
  const terminal = person('', '0', '3', 'Acme', '2');
  expect(await chooseWorkspace([own, acme], undefined, terminal)).toBe(acme);
  expect(terminal.asked).toHaveLength(5);
  expect(terminal.asked[0]).toContain(`1  ${own.id}  Own\n2  ${acme.id}  Acme`);
});

test('a name cannot steer the terminal', async () => {
  const terminal = person('1');
  await chooseWorkspace([acme], undefined, terminal);
  expect(terminal.asked[0]).not.toMatch(/\p{Cf}|\p{Cc}(?<!\n)/u);
});

test.each([
  ['where nobody can be asked', [own, acme], undefined, nobody, `Choose one by --workspace ID:\n1  ${own.id}  Own`],
  [
    'that the key does not open',
    [own],
    acme.id,
    person('1'),
    `does not open workspace ${acme.id}. It opens:\n1  ${own.id}`,
  ],
  ['of a key that opens none', [], undefined, person('1'), 'opens no workspace'],
])('a workspace %s is refused', async (_, workspaces, wanted, terminal, sentence) => {
  await expect(chooseWorkspace(workspaces, wanted, terminal)).rejects.toThrow(sentence);
});
