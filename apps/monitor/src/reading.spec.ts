import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@ensemble/host';
import { type Log, memoryLog, memoryLogData } from '@ensemble/log';
import { folder } from './ledger/spec-kit.ts';
import { catchUp, openLedgerToRead } from './reading.ts';

const logOf = async (...keys: string[]): Promise<Log> => {
  const log = memoryLog(memoryLogData({ partitions: 1 }));
  await log.declare([{ name: 'seat' }]);
  await log.append(keys.map((key) => ({ topic: 'seat', key, value: null, headers: {} })));
  return log;
};

describe('reading the ledger of a stopped system', () => {
  it('takes in first what the log got last', async () => {
    using temporary = folder();
    const file = join(temporary.path, 'monitor.db');
    const log = await logOf('ada', 'bob');
    await catchUp(file, log, systemClock);
    await log.append([{ topic: 'seat', key: 'eve', value: null, headers: {} }]);
    await catchUp(file, log, systemClock);
    const ledger = openLedgerToRead(file);
    const { records } = await ledger.search({ order: 'oldest' });
    expect(records.map(({ key }) => key)).toEqual(['ada', 'bob', 'eve']);
    await ledger.close();
  });

  it('says that the log is another one', async () => {
    using temporary = folder();
    const file = join(temporary.path, 'monitor.db');
    await catchUp(file, await logOf('ada'), systemClock);
    const another = catchUp(file, await logOf('eve'), systemClock);
    await expect(another).rejects.toThrow(/made of another log/);
  });

  it('says that there is none', () => {
    using temporary = folder();
    const file = join(temporary.path, 'monitor.db');
    expect(() => openLedgerToRead(file)).toThrow(/There is no ledger/);
  });
});
