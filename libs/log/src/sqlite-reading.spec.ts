import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { logConformance } from './conformance.ts';
import { type Log, LogUnavailable } from './log.ts';
import { sqliteLog } from './sqlite.ts';
import { readSqliteLog } from './sqlite-reading.ts';

const partitions = 3;

logConformance('in a SQLite file that another one reads', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ensemble-log-'));
  const file = join(directory, 'log.sqlite');
  const opened: Log[] = [];
  const close = async (): Promise<void> => {
    for (const log of opened.splice(0)) await log.close();
  };
  const open = async (): Promise<Log> => {
    const written = sqliteLog({ file, partitions });
    const { topics, read, ends, ...reading } = readSqliteLog({ file, partitions });
    const log = {
      ...written,
      topics,
      read,
      ends,
      close: async () => {
        await reading.close();
        await written.close();
      },
    };
    opened.push(log);
    return log;
  };
  return {
    open,
    reopen: async () => {
      await close();
      return open();
    },
    cleanup: async () => {
      await close();
      rmSync(directory, { recursive: true });
    },
  };
});

describe('looking on at a log in a SQLite file', () => {
  it('shows what groups have committed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ensemble-log-'));
    const file = join(directory, 'log.sqlite');
    const log = sqliteLog({ file, partitions: 1 });
    await log.declare([{ name: 'seat' }]);
    await log.append([{ topic: 'seat', key: null, value: null, headers: {} }]);
    const reading = readSqliteLog({ file, partitions: 1 });
    expect(await reading.committed('ticket', ['seat'])).toEqual({ seat: [0] });
    const heard = Promise.withResolvers<void>();
    const consumer = log.consume({
      group: 'ticket',
      topics: ['seat'],
      assigned: () => undefined,
      revoked: () => undefined,
      handle: async () => heard.resolve(),
    });
    await heard.promise;
    await consumer.stop();
    expect(await reading.committed('ticket', ['seat'])).toEqual({ seat: [1] });
    await reading.close();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  it('is refused where there is none', () => {
    const file = join(tmpdir(), 'ensemble-no-such-directory', 'log.sqlite');
    expect(() => readSqliteLog({ file, partitions: 1 })).toThrow(LogUnavailable);
  });
});
