import { describe, expect, it } from '@jest/globals';
import { after, type Happening, type Refusal, type Submission } from './submission.ts';

type Asked = Submission<string, string>;
const rest: Asked = { at: 'rest' };
const act = { key: 'key-of-ada', body: 'A-1' };
const pressed: Happening<string, string> = { type: 'pressed', act };
const woken: Happening<string, string> = { type: 'woken' };
const answered: Happening<string, string> = { type: 'answered', answer: 'yes' };
const no = (more: Partial<Refusal>): Happening<string, string> => ({
  type: 'refused',
  refusal: { status: 0, code: '', retryAfterS: undefined, pointers: [], ...more },
});
const then = (...happenings: Happening<string, string>[]): Asked =>
  happenings.reduce<Asked>(after, rest);

describe('an act', () => {
  it('is sent when it is pressed, and answered', () => {
    expect(then(pressed)).toEqual({ at: 'sending', act, tries: 1 });
    expect(then(pressed, answered)).toEqual({ at: 'answered', act, answer: 'yes' });
    expect(then(pressed, answered, { type: 'read' })).toEqual(rest);
  });

  it('stays the one it is however often it is pressed', () => {
    const another = { ...pressed, act: { key: 'another', body: 'A-1' } };
    expect(then(pressed, another)).toEqual(then(pressed));
    expect(then(pressed, no({}), another)).toEqual(then(pressed, no({})));
    expect(then(pressed, { type: 'read' })).toEqual(then(pressed));
  });

  it.each([
    ['nobody answers', {}, 'nobody', 1_000],
    ['it has to wait', { status: 503, retryAfterS: 4 }, 'busy', 4_000],
    ['there were too many', { status: 429, retryAfterS: 30 }, 'busy', 30_000],
    ['something is wrong there', { status: 500 }, 'busy', 1_000],
    ['somebody between says no', { status: 403 }, 'busy', 1_000],
    ['it came too early', { status: 409, code: 'too-early', retryAfterS: 1 }, 'busy', 1_000],
  ] as const)('is sent again with its key when %s', (_, refusal, why, waitMs) => {
    const waiting = then(pressed, no(refusal));
    expect(waiting).toEqual({ at: 'waiting', act, tries: 1, why, waitMs });
    expect(after(waiting, woken)).toEqual({ at: 'sending', act, tries: 2 });
    expect(after(after(waiting, woken), answered)).toMatchObject({ at: 'answered' });
  });

  it('waits longer after each try, and never long', () => {
    let waiting = then(pressed, no({}));
    const waits: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      if (waiting.at === 'waiting') waits.push(waiting.waitMs);
      waiting = after(after(waiting, woken), no({}));
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it.each([
    [400, 'invalid'],
    [404, 'unknown-booking'],
    [409, 'too-late'],
    [422, 'unknown-place'],
  ])('is over when the answer is %d %s, and may be pressed anew', (status, code) => {
    const over = then(pressed, no({ status, code }));
    expect(over).toMatchObject({ at: 'refused', refusal: { status, code } });
    const anew = { key: 'another', body: 'A-2' };
    expect(after(over, { type: 'pressed', act: anew })).toMatchObject({ at: 'sending', act: anew });
  });

  it('hears nothing of a try that is over', () => {
    expect(then(answered)).toEqual(rest);
    expect(then(woken)).toEqual(rest);
    expect(then(pressed, no({}), answered)).toMatchObject({ at: 'waiting' });
    expect(then(pressed, answered, no({}))).toMatchObject({ at: 'answered' });
  });
});
