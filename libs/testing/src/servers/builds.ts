import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Something that is made of sources once for this machine, and kept outside of the tree. */
export interface Build {
  readonly name: string;
  /** The folder of its sources; other sources make another build. */
  readonly sources: string;
  /** What makes it, in a copy of the sources. */
  readonly command: string;
  readonly args: readonly string[];
}

const home = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ensemble');

/** Where a build is kept once it is made. */
export const placeOf = ({ name, sources }: Build): string => {
  const hash = createHash('sha256');
  for (const file of readdirSync(sources).toSorted()) {
    hash.update(file).update(readFileSync(join(sources, file)));
  }
  return join(home(), `${name}-${hash.digest('hex').slice(0, 16)}`);
};

/**
 * Makes it unless it was made before; processes that want the same wait for one of them.
 * @returns the folder that holds the sources and what was made of them
 */
export const built = async (build: Build): Promise<string> => {
  const place = placeOf(build);
  if (existsSync(place)) return place;
  mkdirSync(dirname(place), { recursive: true });
  const release = await lock(`${place}.lock`);
  try {
    if (!existsSync(place)) await make(build, place);
    return place;
  } finally {
    release();
  }
};

/** Made beside its place and moved there when it is whole. */
const make = async ({ name, sources, command, args }: Build, place: string): Promise<void> => {
  const draft = `${place}.draft`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(sources, draft, { recursive: true });
  try {
    await promisify(execFile)(command, args, { cwd: draft, maxBuffer: 2 ** 26 });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.slice(-4_000);
    throw new Error(`expected to build ${name} by ${command} ${args.join(' ')}, it said\n${said}`, {
      cause,
    });
  }
  renameSync(draft, place);
};

/** SQLite's word for a lock that another one holds. */
const busy = 5;

/** A lock that the system takes back when its holder dies: that of a database. */
const lock = async (file: string): Promise<() => void> => {
  const database = new DatabaseSync(file);
  for (;;) {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return () => database.close();
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== busy) throw error;
      await pause(200);
    }
  }
};
