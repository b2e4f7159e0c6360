import { describe, expect, it } from '@jest/globals';
import { logged, reasonOf } from './logging.ts';

describe('what is logged', () => {
  it('holds nothing that may be personal', () => {
    const error = new Error('550 no <ada@example.org>: Unexpected token in "Ada Żółć", try later');
    expect(reasonOf(error)).toBe('550 no … Unexpected token in "…", try later');
  });

  it('tells what stands behind an error that is said in a word', () => {
    const lines: unknown[] = [];
    const write = (line: unknown) => void lines.push(line);
    const observe = logged({ warn: write, error: write }, () => 0);
    const error = new Error('key-away', { cause: new Error('put it back') });
    observe('failed', { service: 'ticket', what: 'issue', error });
    expect(lines).toEqual([
      { service: 'ticket', what: 'issue', reason: 'key-away', cause: 'put it back' },
    ]);
  });

  it('names the booking, the event, the to-do and the trace, as traces do', () => {
    const lines: unknown[] = [];
    const write = (line: unknown) => void lines.push(line);
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const concerned = { booking: 'a booking', toDo: 'a to-do', trace };
    const observe = logged({ warn: write, error: write }, () => 0);
    observe('failed', { service: 'payment', what: 'confirm', error: new Error('away'), concerned });
    expect(lines).toMatchObject([
      {
        booking_id: 'a booking',
        to_do_id: 'a to-do',
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
        span_id: '00f067aa0ba902b7',
      },
    ]);
  });

  it('is what an operator should know, each thing once in ten seconds', () => {
    const lines: unknown[][] = [];
    const write = (...line: unknown[]) => void lines.push(line);
    let now = 0;
    const observe = logged({ warn: write, error: write }, () => now);
    const away = { service: 'seat', what: 'log', error: new Error('gone') };
    observe('decided', { service: 'seat', what: 'booking.requested' });
    for (const at of [0, 1_000, 2_000, 12_000]) {
      now = at;
      observe('unavailable', away);
    }
    expect(lines).toEqual([
      [{ service: 'seat', what: 'log', reason: 'gone' }, 'seat: unavailable'],
      [{ service: 'seat', what: 'log', reason: 'gone', timesSince: 2 }, 'seat: unavailable'],
    ]);
  });

  it('is not flooded by those who put garbage onto the log: one dead letter tells of many', () => {
    const lines: unknown[][] = [];
    const write = (...line: unknown[]) => void lines.push(line);
    let now = 0;
    const observe = logged({ warn: write, error: write }, () => now);
    for (now of [0, 1_000, 2_000, 12_000]) {
      observe('dead', { service: 'seat', what: `booking/3/${now}`, error: new Error('not JSON') });
    }
    const dead = { service: 'seat', reason: 'not JSON' };
    expect(lines).toEqual([
      [{ ...dead, what: 'booking/3/0' }, 'seat: dead'],
      [{ ...dead, what: 'booking/3/12000', timesSince: 2 }, 'seat: dead'],
    ]);
  });
});
