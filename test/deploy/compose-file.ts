import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '../..');
export const composeFile = join(root, 'docker-compose.yml');

type Condition = 'service_healthy' | 'service_completed_successfully';

/** What our tests look at, after anchors are followed. */
export interface Service {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly restart: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: Condition }>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const loadCompose = (): ComposeFile => parse(readFileSync(composeFile, 'utf8'), { merge: true }) as ComposeFile;

const variable = /\$\{(\w+)(?::(\?|-)([^}]*))?\}/g;

/** The names of the variables a text takes from the env file. */
export const variablesOf = (text: string): string[] => [...text.matchAll(variable)].map(([, name]) => name as string);

/** Fills in variables as Docker Compose does. Throws for one that must be given and is not. */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(variable, (_, name: string, operator: string | undefined, fallback: string) => {
    const value = env[name] ?? '';
    if (value === '' && operator === '?') throw new Error(`${name} must be given`);
    return value === '' ? (fallback ?? '') : value;
  });
}

/** The lines `NAME=value` of an env file. */
export function readEnvFile(name: string): Record<string, string> {
  const lines = readFileSync(join(root, name), 'utf8').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value as string]];
    }),
  );
}
