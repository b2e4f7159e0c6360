import { describe, expect, it } from '@jest/globals';
import { openWatchdog, type Sight } from './watchdog.ts';

const behind: Sight = { place: 'seat/0', next: 5, end: 9, hasRoom: true };

describe('a watchdog', () => {
  it('barks when what is there does not arrive for too long', () => {
    const watchdog = openWatchdog(60);
    expect(watchdog.look([behind], 0)).toEqual([]);
    expect(watchdog.look([behind], 59)).toEqual([]);
    expect(watchdog.look([{ ...behind, end: 20 }], 60)).toEqual(['seat/0']);
  });

  it.each([
    ['something arrived', { ...behind, next: 6 }],
    ['there is nothing to wait for', { ...behind, end: 5 }],
    ['the handler has enough to do', { ...behind, hasRoom: false }],
  ])('begins anew when %s', (_, sight) => {
    const watchdog = openWatchdog(60);
    watchdog.look([behind], 0);
    expect(watchdog.look([sight], 59)).toEqual([]);
    expect(watchdog.look([behind], 60)).toEqual([]);
  });

  it('forgets places that are not its own any more', () => {
    const watchdog = openWatchdog(60);
    watchdog.look([behind], 0);
    watchdog.look([], 30);
    expect(watchdog.look([behind], 61)).toEqual([]);
  });

  it('forgives what could not arrive', () => {
    const watchdog = openWatchdog(60);
    watchdog.look([behind], 0);
    watchdog.forgive();
    expect(watchdog.look([behind], 61)).toEqual([]);
  });

  it('knows its places apart', () => {
    const watchdog = openWatchdog(60);
    const other = { ...behind, place: 'seat/1' };
    watchdog.look([behind, other], 0);
    expect(watchdog.look([behind, { ...other, next: 6 }], 60)).toEqual(['seat/0']);
  });
});
