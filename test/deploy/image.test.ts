import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import type { Copy, Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from '@jest/globals';
import { loadCompose, root } from './compose-file.ts';

const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const file = DockerfileParser.parse(text);
const packages = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  engines: { node: string };
  dependencies: Record<string, string>;
};

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

function readStages(): Stage[] {
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const instruction of file.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const [base = '', , name = ''] = (instruction.getArgumentsContent() ?? '').split(/\s+/);
      stages.push({ name, base, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

const stages = readStages();
const stage = (name: string): Stage => stages.find((found) => found.name === name) as Stage;
const argumentsOf = ({ instructions }: Stage, keyword: string): string[] =>
  instructions.filter((found) => found.getKeyword() === keyword).map((found) => found.getArgumentsContent() ?? '');

interface CopiedFiles {
  /** The stage they come from; null: the context of the build. */
  readonly from: string | null;
  readonly sources: readonly string[];
}

const copiesOf = ({ instructions }: Stage): CopiedFiles[] =>
  instructions
    .filter((found): found is Copy => found.getKeyword() === 'COPY')
    .map((found) => ({
      from: found.getFromFlag()?.getValue() ?? null,
      sources: found
        .getArguments()
        .map((argument) => argument.getValue())
        .slice(0, -1),
    }));

const contextFilesOf = (found: Stage): string[] =>
  copiesOf(found).flatMap(({ from, sources }) => (from === null ? sources : []));

test('a linter of Dockerfiles finds nothing', () => {
  expect(validate(text).map(({ message, range }) => [range.start.line + 1, message])).toEqual([]);
});

test('every stage stands on one Node, pinned by digest, glibc below, the one package.json names', () => {
  const image = /^NODE_IMAGE=node:([\d.]+)-bookworm-slim@sha256:[0-9a-f]{64}$/;
  const pinned = file.getInitialARGs().map((found) => found.getArgumentsContent() ?? '');
  expect(pinned).toEqual([expect.stringMatching(image)]);
  expect(image.exec(pinned[0] ?? '')?.[1]).toBe(packages.dependencies['node']);
  expect(stages.map(({ base }) => base)).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}', '${NODE_IMAGE}', 'runtime']);
});

test('what runs is nobody special, and is told to end by SIGTERM', () => {
  const runtime = stage('runtime');
  expect(argumentsOf(runtime, 'USER')).toEqual(['1000:1000']);
  expect(argumentsOf(runtime, 'STOPSIGNAL')).toEqual(['SIGTERM']);
  expect(argumentsOf(stage('simulator'), 'USER')).toEqual([]);
  const afterUser = runtime.instructions.slice(
    runtime.instructions.findIndex((found) => found.getKeyword() === 'USER'),
  );
  expect(afterUser.map((found) => found.getKeyword())).not.toContain('RUN');
});

test.each(['runtime', 'simulator'])('%s runs Node itself, without a shell, and says whether it is well', (name) => {
  const [command = ''] = argumentsOf(stage(name), 'CMD');
  const [program, ...args] = JSON.parse(command) as string[];
  expect(program).toBe('node');
  expect(existsSync(join(root, args.at(-1) ?? ''))).toBe(true);
  expect(argumentsOf(stage(name), 'HEALTHCHECK')[0]).toContain('CMD ["node"');
});

test('nothing is fetched by ADD, and no secret is built in', () => {
  const keywords = file.getInstructions().map((found) => found.getKeyword());
  expect(keywords).not.toContain('ADD');
  const variables = [...file.getENVs(), ...file.getARGs(), ...file.getInitialARGs()].flatMap(
    (found) => found.getProperties?.() ?? [],
  );
  for (const variable of variables) expect(variable.getName()).not.toMatch(/PASSWORD|SECRET|TOKEN|KEYS?$|DATABASE_URL/);
});

test('what runs has the dependencies of production, which no install script has touched', () => {
  expect(argumentsOf(stage('dependencies'), 'RUN')).toEqual([
    expect.stringMatching(/npm ci --omit=dev --ignore-scripts$/),
  ]);
  expect(copiesOf(stage('runtime'))).toContainEqual({ from: 'dependencies', sources: ['/app/node_modules'] });
});

test('what runs has every file that is read at run time', () => {
  expect(contextFilesOf(stage('runtime')).sort()).toEqual([
    'manifest.json',
    'openapi.json',
    'package.json',
    'public',
    'src',
  ]);
  expect(copiesOf(stage('runtime'))).toContainEqual({ from: 'ui', sources: ['/app/dist/ui'] });
  expect(contextFilesOf(stage('simulator'))).toEqual(['simulator']);
});

test('the context of the build is a list of what is needed, so that no .env gets in', () => {
  const [first, ...rules] = readFileSync(join(root, '.dockerignore'), 'utf8').trim().split('\n');
  expect(first).toBe('*');
  const allowed = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const needed = stages.flatMap(contextFilesOf).map((path) => path.split('/')[0] as string);
  expect(new Set(allowed)).toEqual(new Set(needed));
});

test('lifecycle calls that wait for the database survive the container, owned by whom it runs as', () => {
  const directory = '/var/lib/clockify-api-studio/spool';
  expect(argumentsOf(stage('runtime'), 'ENV').join()).toContain(`SPOOL_DIRECTORY=${directory}`);
  expect(argumentsOf(stage('runtime'), 'RUN')).toEqual([`install -d -o 1000 -g 1000 ${directory}`]);
  expect(loadCompose().services['api']?.volumes).toEqual([`spool:${directory}`]);
});
