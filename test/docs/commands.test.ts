import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadCompose } from '../deploy/compose-file.ts';
import { readCommands, root } from './commands.ts';

const documents = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const commands = documents.flatMap((document) => readCommands(document).map((command) => ({ document, ...command })));
const marked = (mark: string) =>
  commands.filter((command) => command.mark === mark).map(({ place, script }) => [place, script] as const);
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;

test('the documents are the runbook and the deployment', () => {
  expect(documents).toEqual(['docs/deployment.md', 'docs/runbook.md']);
  for (const mark of ['run', 'cluster', 'ci', 'long']) expect(marked(mark).length).toBeGreaterThan(0);
});

test.each(marked('ci'))('what is said to run with every commit does: %s', (_, script) => {
  const [, path] = /^npm test(?: -- (\S+))?$/.exec(script) ?? [];
  expect(script).toMatch(/^npm test/);
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('npm test');
  if (path !== undefined) expect(existsSync(join(root, `${path}.integration.test.ts`))).toBe(true);
});

test.each(marked('long'))('what the long tests do is a command that exists: %s', (_, script) => {
  expect(script).toBe('npm run test:long');
  expect(scripts).toHaveProperty(['test:long']);
});

test.each(marked('cluster'))('what needs a cluster names services, scripts and files that exist: %s', (_, script) => {
  const services = Object.keys(loadCompose().services);
  for (const [, name = ''] of script.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty([name]);
  for (const [path] of script.matchAll(/\b(?:src|deploy|scripts)\/[\w./-]+/g))
    expect(existsSync(join(root, path))).toBe(true);
  for (const [, tail = ''] of script.matchAll(/docker compose (?:exec|run|up|stop)\b([^|>\n]*)/g)) {
    const words = tail.split(/\s+/).filter((word) => /^[a-z][a-z-]*$/.test(word));
    const named = words.filter((word) => !['psql', 'pg', 'node', 'simulator', 'temporal'].includes(word));
    for (const word of named) expect(services).toContain(word);
  }
});

test.each(
  documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, target = '']) => [document, target] as const,
    ),
  ),
)('%s links to %s, which exists', (document, target) => {
  expect(existsSync(join(root, document, '..', target))).toBe(true);
});

test('alerts that the documents name exist', () => {
  const alerts = readFileSync(join(root, 'deploy/prometheus/alerts.yml'), 'utf8');
  const named = documents.flatMap((document) => [
    ...readFileSync(join(root, document), 'utf8').matchAll(/alert \*(\w+)\*/gi),
  ]);
  expect(named.length).toBeGreaterThan(3);
  for (const [, name] of named) expect(alerts).toContain(`alert: ${name}\n`);
});
