import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LogRecord } from '../log.ts';
import { type Inbox, openInbox } from './inbox.ts';

const record = (offset: number): LogRecord => ({
  topic: 'seat',
  partition: 0,
  offset,
  key: null,
  value: null,
  headers: {},
  timestamp: 0,
});

describe('an inbox', () => {
  let inbox: Inbox;
  const offsets = (from = 0, limit = 10): number[] =>
    inbox.slice('seat', 0, from, limit).map(({ offset }) => offset);

  beforeEach(() => {
    inbox = openInbox(4);
    inbox.begin('seat', 0, 3);
  });

  it('hands out what was put in, from an offset on, though offsets have gaps', () => {
    inbox.put('seat', 0, [record(3), record(5)], 6);
    inbox.put('seat', 0, [record(8)], 9);
    expect(offsets()).toEqual([3, 5, 8]);
    expect(offsets(4)).toEqual([5, 8]);
    expect(offsets(0, 2)).toEqual([3, 5]);
    expect([inbox.next('seat', 0), inbox.end('seat', 0)]).toEqual([9, 9]);
  });

  it('forgets what is done, and nothing else', () => {
    inbox.put('seat', 0, [record(3), record(5), record(8)], 9);
    inbox.forget('seat', 0, 6);
    expect(offsets()).toEqual([8]);
    expect(inbox.next('seat', 0)).toBe(9);
  });

  it('takes in nothing where nothing was begun', () => {
    inbox.put('payment', 0, [record(0)], 1);
    expect(inbox.next('payment', 0)).toBeUndefined();
    expect(inbox.slice('payment', 0, 0, 10)).toEqual([]);
  });

  it('tells those who wait when few enough are left', async () => {
    inbox.put('seat', 0, [record(3), record(4), record(5)], 6);
    const told: string[] = [];
    const half = inbox.drained('seat', 0, 1).then(() => told.push('one left'));
    const all = inbox.drained('seat', 0, 0).then(() => told.push('none left'));
    inbox.forget('seat', 0, 4);
    inbox.forget('seat', 0, 5);
    await half;
    expect(told).toEqual(['one left']);
    inbox.forget('seat', 0, 6);
    await all;
    expect(told).toEqual(['one left', 'none left']);
  });

  it('lets nobody wait when it is closed', async () => {
    inbox.put('seat', 0, [record(3)], 4);
    const waiting = inbox.drained('seat', 0, 0);
    inbox.close();
    await waiting;
    expect(inbox.places()).toEqual([]);
  });
});
