import pg from 'pg';

/** One thing a script asks of psql. */
export interface PsqlStep {
  readonly kind: 'statement' | 'gexec' | 'connect';
  /** SQL, or the name of a database. */
  readonly text: string;
}

export interface PsqlRun {
  readonly script: string;
  /** The values of `:'name'`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly urlOf: (database: string) => string;
}

/**
 * Reads the part of psql's language that our scripts keep to: a statement ends with `;` at the end of a line or with
 * `\gexec` on a line of its own, `\connect` names a database, `:'name'` stands for a quoted value.
 */
export function parsePsqlScript(script: string, variables: PsqlRun['variables']): PsqlStep[] {
  const steps: PsqlStep[] = [];
  let pending: string[] = [];
  const finish = (kind: PsqlStep['kind'], text = pending.join('\n')): void => {
    steps.push({ kind, text });
    pending = [];
  };
  for (const line of script.split('\n')) {
    if (/^\s*(--|$)/.test(line)) continue;
    const [, command, argument] = /^\\(\w+)\s*(\S*)/.exec(line) ?? [];
    if (command === undefined) pending.push(substitute(line, variables));
    if (command === 'gexec') finish('gexec');
    else if (command === 'connect') finish('connect', argument);
    else if (command !== undefined) throw new Error(`Not a command we know: \\${command}`);
    else if (line.endsWith(';')) finish('statement');
  }
  if (pending.length > 0) throw new Error(`The last statement does not end: ${pending.join(' ')}`);
  return steps;
}

const substitute = (line: string, variables: PsqlRun['variables']): string =>
  line.replace(/:'(\w+)'/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`No value for ${name}`);
    return pg.escapeLiteral(value);
  });

/** Runs a script as psql would, where there is no psql. Stops at the first error. */
export async function runPsqlScript({ script, variables, urlOf }: PsqlRun): Promise<void> {
  let client = await connect(urlOf('postgres'));
  try {
    for (const { kind, text } of parsePsqlScript(script, variables)) {
      if (kind === 'connect') {
        await client.end();
        client = await connect(urlOf(text));
        continue;
      }
      const { rows } = await client.query<string[]>({ text, rowMode: 'array' });
      if (kind === 'gexec') for (const statement of rows.flat()) await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
