import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Program, program } from './program.ts';

/** The user of the database. */
export const databaseUser = 'ensemble';
const databaseName = 'postgres';
/** What it is told once, when its data directory is made. */
const indexes = join(import.meta.dirname, 'postgres/indexes.sql');

/** Where Debian keeps the programs of PostgreSQL, the newest version's; undefined: nowhere. */
const programs = (): string | undefined =>
  globSync('/usr/lib/postgresql/*/bin')
    .filter((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);

/** Whether PostgreSQL is installed here, and its user where root is who asks. */
export const postgresIsHere = (): boolean =>
  programs() !== undefined && (process.getuid?.() !== 0 || owner() !== undefined);

const owner = (): { uid: number; gid: number } | undefined => {
  const [uid, gid] = ['-u', '-g'].map((what) => spawnSync('id', [what, 'postgres']));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
};

/**
 * PostgreSQL with its data in `dir`; it listens on a socket there and not on a port.
 * @returns the server, not started yet, and the URL at which it will answer
 */
export const postgres = (dir: string): { readonly server: Program; readonly url: string } => {
  const bin = programs();
  if (bin === undefined) throw new Error('expected PostgreSQL in /usr/lib/postgresql, found none');
  // It refuses to be root's.
  const user = process.getuid?.() === 0 ? owner() : undefined;
  if (user !== undefined) chownSync(dir, user.uid, user.gid);
  if (spawnSync('sh', ['-c', 'cd "$0"', dir], { cwd: '/', ...user }).status !== 0) {
    throw new Error(
      `expected user postgres to reach ${dir}, found it cannot: let others pass the directories ` +
        'above it (chmod o+x), or keep the data elsewhere',
    );
  }
  const data = join(dir, 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const inside = { cwd: dir, stdio: 'pipe', ...user } as const;
    const args = ['-D', data, '-U', databaseUser, '-A', 'trust', '-E', 'UTF8', '--locale=C'];
    execFileSync(join(bin, 'initdb'), args, inside);
    const alone = ['--single', '-j', '-D', data, databaseName];
    execFileSync(join(bin, 'postgres'), alone, {
      ...inside,
      input: `${readFileSync(indexes, 'utf8')}\n\n`,
    });
  }
  const server = program({
    name: 'PostgreSQL',
    command: join(bin, 'postgres'),
    args: ['-D', data, '-k', dir, '-c', 'listen_addresses='],
    user,
    log: join(dir, 'log'),
    serves: 'database system is ready to accept connections',
    // By SIGTERM it would wait for its clients to leave.
    term: 'SIGINT',
  });
  // A plan for whatever value is asked for would not see that an index is of one field.
  const settings = new URLSearchParams({ host: dir, plan_cache_mode: 'force_custom_plan' });
  return { server, url: `postgres://${databaseUser}@/${databaseName}?${settings.toString()}` };
};
