import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, LogUnavailable, type NewRecord } from './log.ts';
import { sqliteLog, type SqliteLogOptions } from './sqlite.ts';

describe('a log in a SQLite file', () => {
  let directory: string;
  let file: string;
  const opened: Log[] = [];

  const open = (options: Partial<SqliteLogOptions> = {}): Log => {
    const log = sqliteLog({ file, partitions: 2, ...options });
    opened.push(log);
    return log;
  };
  const contentOf = async (log: Log): Promise<string[]> => {
    const texts: string[] = [];
    const reader = log.read({
      topics: 'all',
      from: 'start',
      onRecords: (records) =>
        void texts.push(...records.map(({ value }) => Buffer.from(value ?? []).toString())),
    });
    await reader.caughtUp;
    await reader.stop();
    return texts;
  };
  const record = (text: string): NewRecord => ({
    topic: 'seat',
    key: 'hamlet/A',
    value: Buffer.from(text),
    headers: {},
  });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ensemble-log-'));
    file = join(directory, 'log.sqlite');
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
    rmSync(directory, { recursive: true });
  });

  it('refuses topics that were made with another number of partitions', async () => {
    await open().declare([{ name: 'seat' }]);
    await opened.pop()?.close();
    const declared = open({ partitions: 4 }).declare([{ name: 'seat' }]);
    await expect(declared).rejects.toThrow(/"seat" has 2 partitions, expected 4: open the log/);
  });

  it('refuses to append to a topic that nobody declared', async () => {
    await expect(open().append([record('x')])).rejects.toThrow(/no topic "seat": declare it/);
  });

  it('says of a directory that is not there what to do', () => {
    file = join(directory, 'nowhere', 'log.sqlite');
    expect(() => open()).toThrow(LogUnavailable);
    expect(() => open()).toThrow(/nowhere.log\.sqlite is unavailable: .*directory must exist/);
  });

  it('says so when the disk is full, keeps nothing by halves, and goes on afterwards', async () => {
    const log = open({ maxMb: 1 });
    await log.declare([{ name: 'seat' }]);
    await log.append([record('before')]);
    const big = 'x'.repeat(400_000);
    const full = log.append([record('half'), record(big), record(big), record(big)]);
    const beside = log.append([record('beside')]);
    await expect(full).rejects.toThrow(LogUnavailable);
    await expect(full).rejects.toThrow(/the disk is full/);
    await expect(full).rejects.toHaveProperty('cause.errcode', 13);
    await expect(beside).rejects.toThrow(LogUnavailable);
    expect(await contentOf(log)).toEqual(['before']);

    await log.append([record('after')]);
    expect(await contentOf(log)).toEqual(['before', 'after']);
    expect((await log.ends(['seat']))['seat']).toContain(2);
  });

  it('has on disk how far a group is when its member has stopped', async () => {
    const log = open();
    await log.declare([{ name: 'seat' }]);
    await log.append([record('a'), record('b')]);
    const handled = Promise.withResolvers<void>();
    const consumer = log.consume({
      group: 'ticket',
      topics: ['seat'],
      assigned: () => {},
      revoked: () => {},
      handle: async () => handled.resolve(),
    });
    await handled.promise;
    await consumer.stop();
    const beside = new DatabaseSync(file, { readOnly: true });
    expect(beside.prepare('SELECT "group", offset FROM progress').all()).toEqual([
      { group: 'ticket', offset: 2 },
    ]);
    beside.close();
  });

  it('rejects what comes after it was closed', async () => {
    const log = open();
    await log.declare([{ name: 'seat' }]);
    await log.close();
    await expect(log.append([record('late')])).rejects.toThrow(/it was closed/);
  });

  it('has every record it acknowledged when its process was killed', async () => {
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', appendForEver, import.meta.resolve('./sqlite.ts'), file],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let acknowledged = 0;
    for await (const chunk of child.stdout) {
      acknowledged += String(chunk).split('\n').length - 1;
      if (acknowledged >= 20 && !child.killed) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const content = await contentOf(open());
    const expected = Array.from({ length: content.length }, (_, n) => `${n}`);
    expect(content).toEqual(expected);
    expect(content.length).toBeGreaterThanOrEqual(acknowledged);
  });
});

const appendForEver = `
  const [, adapter, file] = process.argv;
  const { sqliteLog } = await import(adapter);
  const log = sqliteLog({ file, partitions: 2 });
  await log.declare([{ name: 'seat' }]);
  for (let n = 0; ; n += 1) {
    await log.append([{ topic: 'seat', key: 'k', value: Buffer.from(String(n)), headers: {} }]);
    process.stdout.write(n + '\\n');
  }`;
