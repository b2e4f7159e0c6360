import type { House } from './house.ts';
import {
  moved,
  type Part,
  partIn,
  seatScale,
  showing,
  type Size,
  type View,
  whole,
  within,
  zoomed,
} from './view.ts';

/** What is in the document of a house: a part of it, at a scale. */
export interface Drawn {
  readonly part: Part;
  /** CSS pixels to a unit. */
  readonly scale: number;
}

/** What looks at a house and is moved by hand, wheel, fingers and keys. */
export interface Hand {
  /** Larger or smaller by a factor, about the middle. */
  zoom(factor: number): void;
  whole(): void;
  /** Moves no more than it takes to see a place, large enough to be pressed. */
  show(place: { readonly x: number; readonly y: number }): void;
  /** Looks at the place at a point of the screen, large enough to be pressed. */
  approach(clientX: number, clientY: number): void;
  /** The press that has just ended moved the house: it chose nothing. */
  hasDragged(): boolean;
  /** Puts the layers, whose origin is the house's, where they belong: after they have been drawn. */
  put(drawn: Drawn): void;
  stop(): void;
}

/** A press that moves by no more than so many CSS pixels moves nothing. */
const stillPx = 6;
/** While it is being zoomed, layers are stretched, and drawn anew no oftener than this. */
const redrawMs = 120;

/** The rows' names take so much room, in units. */
export const namesWidth = 1.3;

const isSame = (a: Part, b: Part): boolean =>
  a.fromX === b.fromX && a.toX === b.toX && a.fromY === b.fromY && a.toY === b.toY;

/**
 * Moves layers within a frame without a rendering, as long as what is drawn suffices.
 * @param draw asks for another part to be drawn, or at another scale; `isSoon` when somebody waits
 */
export const hand = (
  frame: HTMLElement,
  house: Pick<House, 'width' | 'height'>,
  draw: (drawn: Drawn, isSoon: boolean) => void,
): Hand => {
  const layers = [...frame.querySelectorAll<HTMLElement | SVGElement>('[data-layer]')];
  let size: Size = { width: frame.clientWidth, height: frame.clientHeight };
  let view: View = whole(house, size);
  let isWhole = true;
  /** In the document. */
  let shown: Drawn | undefined;
  /** Asked for. */
  let asked: Drawn | undefined;
  let redraw: ReturnType<typeof setTimeout> | undefined;

  const place = (): void => {
    if (shown === undefined) return;
    const stretch = view.scale / shown.scale;
    const [x, y] = [-view.x * view.scale, -view.y * view.scale];
    // The rows' names stay in sight: beside the house, or at the edge of the frame.
    const names = Math.max(0, x - namesWidth * view.scale);
    for (const layer of layers) {
      const left = layer.dataset['layer'] === 'rows' ? names : x;
      layer.style.transform = `translate(${left}px, ${y}px) scale(${stretch})`;
    }
  };

  const ask = (isSoon: boolean): void => {
    clearTimeout(redraw);
    redraw = undefined;
    asked = { part: partIn(size, view), scale: view.scale };
    draw(asked, isSoon);
  };

  /** @param how `now` when somebody waits for what is shown, `later` in the middle of a zoom */
  const turn = (next: View, how: 'now' | 'smoothly' | 'later' = 'smoothly'): void => {
    view = next;
    isWhole = next.scale <= whole(house, size).scale;
    frame.style.touchAction = isWhole ? 'pan-y' : 'none';
    place();
    const suffices =
      asked !== undefined && asked.scale === view.scale && isSame(asked.part, partIn(size, view));
    if (suffices) return;
    if (how !== 'later') ask(how === 'now');
    else redraw ??= setTimeout(() => ask(false), redrawMs);
  };

  const pointers = new Map<number, { readonly x: number; readonly y: number }>();
  let dragged = 0;

  const at = (clientX: number, clientY: number): { x: number; y: number } => {
    const { left, top } = frame.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const press = ({ pointerId, clientX, clientY, button }: PointerEvent): void => {
    if (button !== 0) return;
    if (pointers.size === 0) dragged = 0;
    pointers.set(pointerId, { x: clientX, y: clientY });
  };
  const drag = ({ pointerId, clientX, clientY }: PointerEvent): void => {
    const before = pointers.get(pointerId);
    if (before === undefined) return;
    const now = { x: clientX, y: clientY };
    pointers.set(pointerId, now);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    dragged += Math.hypot(dx, dy);
    const [other] = [...pointers].flatMap(([id, point]) => (id === pointerId ? [] : [point]));
    if (other !== undefined) {
      const apart = (point: { x: number; y: number }): number =>
        Math.hypot(point.x - other.x, point.y - other.y);
      const middle = at((now.x + other.x) / 2, (now.y + other.y) / 2);
      const factor = apart(now) / Math.max(1, apart(before));
      const followed = moved(house, size, view, dx / 2, dy / 2);
      turn(zoomed(house, size, followed, factor, middle), 'later');
    } else if (dragged > stillPx && !isWhole) {
      frame.setPointerCapture(pointerId);
      turn(moved(house, size, view, dx, dy));
    }
  };
  const release = ({ pointerId }: PointerEvent): void => void pointers.delete(pointerId);
  const wheel = (event: WheelEvent): void => {
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    const next = zoomed(
      house,
      size,
      view,
      Math.exp(-Math.max(-200, Math.min(200, pixels)) / 300),
      at(event.clientX, event.clientY),
    );
    // At its ends the wheel scrolls the page.
    if (next.scale === view.scale) return;
    event.preventDefault();
    turn(next, 'later');
  };
  const resized = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = frame;
    if (width === size.width && height === size.height) return;
    size = { width, height };
    turn(isWhole ? whole(house, size) : within(house, size, view), 'now');
  });

  const ending = new AbortController();
  const { signal } = ending;
  frame.addEventListener('pointerdown', press, { signal });
  frame.addEventListener('pointermove', drag, { signal });
  frame.addEventListener('pointerup', release, { signal });
  frame.addEventListener('pointercancel', release, { signal });
  frame.addEventListener('wheel', wheel, { signal, passive: false });
  resized.observe(frame);
  turn(view, 'now');

  return {
    zoom: (factor) => turn(zoomed(house, size, view, factor), 'now'),
    whole: () => turn(whole(house, size), 'now'),
    show: (seat) => turn(showing(house, size, view, seat), 'now'),
    approach: (clientX, clientY) => {
      const factor = (seatScale * 1.25) / view.scale;
      turn(zoomed(house, size, view, factor, at(clientX, clientY)), 'now');
    },
    hasDragged: () => dragged > stillPx,
    put: (drawn) => {
      shown = drawn;
      place();
    },
    stop: () => {
      clearTimeout(redraw);
      resized.disconnect();
      ending.abort();
    },
  };
};
