import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logConformance } from './conformance.ts';
import type { Log } from './log.ts';
import { memoryLogData } from './memory-data.ts';
import { memoryLog } from './memory.ts';
import { sqliteLog } from './sqlite.ts';

const PARTITIONS = 4;

logConformance('memory', () => {
  const data = memoryLogData({ partitions: PARTITIONS });
  return {
    open: async () => memoryLog(data),
    reopen: async () => memoryLog(data),
    cleanup: async () => {},
  };
});

logConformance('sqlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ensemble-log-'));
  let log: Log;
  const open = async (): Promise<Log> => {
    log = sqliteLog({ file: join(directory, 'log.sqlite'), partitions: PARTITIONS });
    return log;
  };
  return {
    open,
    async reopen() {
      await log.close();
      return open();
    },
    async cleanup() {
      await log.close();
      rmSync(directory, { recursive: true });
    },
  };
});
