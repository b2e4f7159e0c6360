import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from './builds.ts';
import { ferretBuild } from './needs.ts';
import { freePorts, host } from './ports.ts';
import { databaseUser, postgres, postgresIsHere } from './postgres.ts';
import { type Program, program, type ServerProcess } from './program.ts';

/** What keeps the data behind MongoDB's protocol. */
export type MongoHandler = 'postgresql' | 'sqlite';

/** A server of MongoDB's protocol: FerretDB, and the database behind it, as one. */
export interface MongoServer extends ServerProcess {
  readonly url: string;
  readonly handler: MongoHandler;
}

export interface MongoOptions {
  /** Where data are kept, and found again; by default in a place that is removed at the end. */
  readonly dir?: string | undefined;
  readonly port?: number | undefined;
  /** By default PostgreSQL where it is installed. */
  readonly handler?: MongoHandler;
}

/** Starts the server; resolves once it serves. `stop` removes the data unless `dir` was given. */
export const mongoServer = async (options: MongoOptions = {}): Promise<MongoServer> => {
  const { handler = postgresIsHere() ? 'postgresql' : 'sqlite' } = options;
  const command = join(await built(ferretBuild), 'ferretdb');
  const port = options.port ?? (await freePorts(1))[0] ?? 0;
  const dir = options.dir ?? ownDir();
  const data = join(dir, handler);
  mkdirSync(data, { recursive: true });

  const behind = handler === 'postgresql' ? postgres(data) : undefined;
  const front = program({
    name: 'FerretDB',
    command,
    args: [handler, `${host}:${port}`, behind?.url ?? `file:${data}/`],
    // What it needs is little and its garbage is much: collected less often, it takes a fifth less time.
    env: { GOGC: '800' },
    log: join(dir, 'ferretdb.log'),
    serves: 'ferretdb serves',
  });
  const server = behind === undefined ? front : asOne(front, behind.server);
  const stop = async (): Promise<void> => {
    await server.stop(options.dir === undefined ? 'SIGKILL' : 'SIGTERM');
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...server, stop, port, url: urlOf(port, handler), handler };
};

/** A directory in which another user's processes find their own. */
const ownDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'ensemble-mongo-'));
  chmodSync(dir, 0o711);
  return dir;
};

const urlOf = (port: number, handler: MongoHandler): string =>
  handler === 'postgresql'
    ? `mongodb://${databaseUser}:${databaseUser}@${host}:${port}/?authMechanism=PLAIN`
    : `mongodb://${host}:${port}/`;

/** The one behind is there before the one in front, and ends after it. */
const asOne = (front: Program, behind: Program): Program => {
  const programs = [front, behind];
  return {
    start: async () => {
      await behind.start();
      await front.start();
    },
    kill: async (signal) => {
      if (signal === 'SIGKILL') await Promise.all(programs.map((each) => each.kill(signal)));
      else for (const each of programs) await each.kill(signal);
    },
    pause: () => programs.forEach((each) => each.pause()),
    resume: () => programs.forEach((each) => each.resume()),
    stop: async (signal) => {
      for (const each of programs) await each.stop(signal);
    },
  };
};
