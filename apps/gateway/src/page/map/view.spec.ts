import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  largestScale,
  moved,
  partIn,
  seatScale,
  showing,
  whole,
  wholeRatio,
  within,
  zoomed,
} from './view.ts';

const window = { width: 800, height: 500 };
const large = { width: 200, height: 100 };
const small = { width: 10, height: 4 };

describe('a view', () => {
  it('of the whole holds every seat', () => {
    const { x, y, scale } = whole(large, window);
    expect(x).toBeLessThan(0);
    expect(y).toBeLessThan(0);
    expect(x + window.width / scale).toBeGreaterThan(large.width);
    expect(y + window.height / scale).toBeGreaterThan(large.height);
  });

  it('of the whole fills a window of the ratio that the house needs', () => {
    const { scale } = whole(large, { width: 406, height: 406 / wholeRatio(large) });
    expect(scale).toBeCloseTo(2);
  });

  it('of a small house has it in the middle, no larger than is good', () => {
    const { x, y, scale } = whole(small, window);
    expect(scale).toBe(largestScale);
    expect(x + window.width / scale / 2).toBeCloseTo(small.width / 2);
    expect(y + window.height / scale / 2).toBeCloseTo(small.height / 2);
  });

  it('follows the hand, and stops where the house ends', () => {
    const view = within(large, window, { x: 50, y: 50, scale: 30 });
    expect(moved(large, window, view, -60, 30)).toEqual({ x: 52, y: 49, scale: 30 });
    const end = moved(large, window, view, -1e6, -1e6);
    expect(end.x + window.width / 30).toBeCloseTo(large.width + 1.5);
    expect(moved(large, window, end, -10, -10)).toEqual(end);
  });

  it('is zoomed about a point that stays', () => {
    const view = within(large, window, { x: 50, y: 40, scale: 20 });
    const at = { x: 200, y: 300 };
    const near = zoomed(large, window, view, 2, at);
    expect(near.scale).toBe(40);
    expect(near.x + at.x / near.scale).toBeCloseTo(view.x + at.x / view.scale);
    expect(near.y + at.y / near.scale).toBeCloseTo(view.y + at.y / view.scale);
    expect(zoomed(large, window, near, 99).scale).toBe(largestScale);
    expect(zoomed(large, window, near, 1e-9)).toEqual(whole(large, window));
  });

  it('shows a seat with its neighbours, large enough to be pressed', () => {
    const anywhere = fc.record({ x: fc.nat(199), y: fc.nat(99) });
    fc.assert(
      fc.property(anywhere, anywhere, fc.constantFrom(4, 26, 40), (from, to, scale) => {
        const view = within(large, window, { ...from, scale });
        const shown = showing(large, window, view, to);
        expect(shown.scale).toBeGreaterThanOrEqual(seatScale);
        expect(shown.x).toBeLessThanOrEqual(to.x);
        expect(shown.x + window.width / shown.scale).toBeGreaterThanOrEqual(to.x + 1);
        expect(shown.y).toBeLessThanOrEqual(to.y);
        expect(shown.y + window.height / shown.scale).toBeGreaterThanOrEqual(to.y + 1);
      }),
    );
  });

  it('of a seat that is seen already does not move', () => {
    const view = within(large, window, { x: 50, y: 50, scale: 30 });
    expect(showing(large, window, view, { x: 60, y: 55 })).toEqual(view);
  });

  it('is drawn with a little around it, the same for a small move', () => {
    const view = { x: 50, y: 50, scale: 40 };
    const part = partIn(window, view);
    expect(part).toEqual({ fromX: 48, toX: 72, fromY: 48, toY: 64 });
    expect(partIn(window, { ...view, x: 50.5 })).toEqual(part);
  });
});
