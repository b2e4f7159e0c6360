/** A size in CSS pixels, or in units of the distance between two seats. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What of a house is looked at: which place is at the left upper corner, and how large a unit is. */
export interface View {
  /** In units. */
  readonly x: number;
  /** In units. */
  readonly y: number;
  /** CSS pixels to a unit. */
  readonly scale: number;
}

/** From here on seats are drawn one by one, and large enough to be pressed (WCAG 2.5.8). */
export const seatScale = 26;
/** No larger than this, in CSS pixels to a unit. */
export const largestScale = 48;
/** Around the seats, in units: for the rows' names. */
const marginX = 1.5;
const marginY = 0.75;

/** Of the window that a house fills: its width to its height. */
export const wholeRatio = ({ width, height }: Size): number =>
  (width + 2 * marginX) / (height + 2 * marginY);

/** The scale at which a house is seen whole. */
export const wholeScale = ({ width, height }: Size, window: Size): number =>
  Math.min(
    largestScale,
    window.width / (width + 2 * marginX),
    window.height / (height + 2 * marginY),
  );

/** Keeps the house in the window: in its middle where it is smaller, without a gap where not. */
const clamped = (at: number, house: number, margin: number, window: number): number => {
  const [from, to] = [-margin, house + margin];
  return window >= to - from ? (from + to - window) / 2 : Math.min(Math.max(at, from), to - window);
};

/** The view that is nearest to the one that is wanted, and shows the house. */
export const within = (house: Size, window: Size, { x, y, scale: wanted }: View): View => {
  const scale = Math.min(largestScale, Math.max(wholeScale(house, window), wanted));
  return {
    x: clamped(x, house.width, marginX, window.width / scale),
    y: clamped(y, house.height, marginY, window.height / scale),
    scale,
  };
};

/** All of it. */
export const whole = (house: Size, window: Size): View =>
  within(house, window, { x: 0, y: 0, scale: 0 });

/** Moved by so many CSS pixels, as a hand moves a sheet. */
export const moved = (house: Size, window: Size, view: View, dx: number, dy: number): View =>
  within(house, window, { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale });

/** Larger or smaller by a factor, about a point of the window that stays where it is. */
export const zoomed = (
  house: Size,
  window: Size,
  view: View,
  factor: number,
  at: { readonly x: number; readonly y: number } = { x: window.width / 2, y: window.height / 2 },
): View => {
  const { scale } = within(house, window, { ...view, scale: view.scale * factor });
  return within(house, window, {
    x: view.x + at.x / view.scale - at.x / scale,
    y: view.y + at.y / view.scale - at.y / scale,
    scale,
  });
};

/** Moved no more than it takes to see a place well, at a scale at which seats can be told apart. */
export const showing = (
  house: Size,
  window: Size,
  view: View,
  { x, y }: { readonly x: number; readonly y: number },
): View => {
  const scale = Math.max(view.scale, seatScale);
  const [width, height] = [window.width / scale, window.height / scale];
  if (scale !== view.scale) {
    return within(house, window, { x: x + 0.5 - width / 2, y: y + 0.5 - height / 2, scale });
  }
  const shown = (at: number, from: number, size: number): number =>
    Math.min(Math.max(from, at + 2 - size), at - 1);
  return within(house, window, { x: shown(x, view.x, width), y: shown(y, view.y, height), scale });
};

/** The part of a house that is drawn, in units, from these on and up to those. */
export interface Part {
  readonly fromX: number;
  readonly toX: number;
  readonly fromY: number;
  readonly toY: number;
}

/** Parts are drawn in steps of so many units, so that a small move draws nothing anew. */
export const step = 4;
const down = (value: number): number => Math.floor(value / step) * step;

/** What has to be drawn for a view: all that is in it, and a little around it. */
export const partIn = (window: Size, { x, y, scale }: View): Part => ({
  fromX: down(x - 1),
  toX: down(x + window.width / scale + 1) + step,
  fromY: down(y - 1),
  toY: down(y + window.height / scale + 1) + step,
});
