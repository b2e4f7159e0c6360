import {
  type KeyboardEvent,
  type MouseEvent,
  startTransition,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTexts } from '../texts.ts';
import { bestAvailable } from './best.ts';
import { type Block, blocksIn, strokesIn } from './blocks.ts';
import { type Drawn, type Hand, hand, namesWidth } from './hand.ts';
import type { House, Place } from './house.ts';
import { type Drawing, Seats } from './seats.tsx';
import { isStep, stepFrom } from './step.ts';
import { seatScale, wholeRatio } from './view.ts';

/** What is drawn, and what becomes of a press. */
export interface SeatMapProps {
  /** Another house of the same rows may be given any time; of other rows, another map (a key). */
  readonly house: House;
  readonly chosen: readonly string[];
  readonly nameOf: (seat: Place) => string;
  /** A seat was pressed; nothing can be where this is not given. */
  readonly onPress?: ((seat: Place) => void) | undefined;
}

const zoomStep = 1.5;

/** A house from above, the stage at the top; moved and zoomed by mouse, fingers, wheel and keys. */
export const SeatMap = ({ house, chosen, nameOf, onPress }: SeatMapProps) => {
  const texts = useTexts().map;
  const frame = useRef<HTMLDivElement>(null);
  const moving = useRef<Hand>(null);
  const wanted = useRef<string>(null);
  const [drawn, setDrawn] = useState<Drawn>();
  const [at, setAt] = useState<string>();
  const [pointed, setPointed] = useState<string>();

  const { width, height } = house;
  useLayoutEffect(() => {
    if (frame.current === null) return;
    const made = hand(frame.current, { width, height }, (next, isSoon) => {
      if (isSoon) setDrawn(next);
      else startTransition(() => setDrawn(next));
    });
    moving.current = made;
    return () => made.stop();
  }, [width, height]);
  useLayoutEffect(() => {
    if (drawn !== undefined) moving.current?.put(drawn);
  }, [drawn]);
  useEffect(() => {
    if (wanted.current === null) return;
    const seat = frame.current?.querySelector<SVGElement>(`[data-seat="${wanted.current}"]`);
    if (!seat) return;
    wanted.current = null;
    seat.focus({ preventScroll: true });
  });

  const current = useMemo(
    () => house.find(at ?? chosen[0] ?? '') ?? bestAvailable(house, 1)?.seats[0],
    [house, at, chosen],
  );
  const isNear = drawn !== undefined && drawn.scale >= seatScale;
  const { part } = drawn ?? {};
  const isChosen = (seat: string): boolean => chosen.includes(seat);
  const blocks: readonly Block[] =
    part !== undefined && isNear
      ? blocksIn(house, part, ({ name, letter }) => {
          const look = isChosen(name) ? 'c' : letter;
          return name === current?.name ? look.toUpperCase() : look;
        })
      : [];
  const strokes =
    part !== undefined && !isNear
      ? strokesIn(house, part, ({ name, letter }) => (isChosen(name) ? 'chosen' : letter))
      : [];
  const isCurrentDrawn = blocks.some(({ seats }) =>
    seats.some(({ name }) => name === current?.name),
  );
  const drawing: Drawing = { isChosen, current: current?.name, nameOf };

  const seatOf = (target: EventTarget): Place | undefined => {
    const element = target instanceof Element ? target.closest('[data-seat]') : null;
    return house.find(element?.getAttribute('data-seat') ?? '');
  };
  const goTo = (seat: Place): void => {
    wanted.current = seat.name;
    setAt(seat.name);
    moving.current?.show(seat);
  };
  const press = (event: MouseEvent): void => {
    if (moving.current?.hasDragged()) return;
    const seat = seatOf(event.target);
    if (seat === undefined) {
      if (!isNear) moving.current?.approach(event.clientX, event.clientY);
      return;
    }
    setAt(seat.name);
    onPress?.(seat);
  };
  const type = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || current === undefined) return;
    const seat = seatOf(event.target);
    const isPress = key === 'Enter' || key === ' ';
    if (isStep(key)) goTo(seat === undefined ? current : stepFrom(house, seat, key));
    else if (isPress && seat === undefined) goTo(current);
    else if (isPress && seat !== undefined) onPress?.(seat);
    else if (key === '+' || key === '=') moving.current?.zoom(zoomStep);
    else if (key === '-') moving.current?.zoom(1 / zoomStep);
    else if (key === '0') moving.current?.whole();
    else return;
    event.preventDefault();
  };

  const told = house.find(pointed ?? '');
  const scale = drawn?.scale ?? 1;
  return (
    <div className="seat-map">
      <p className="stage" aria-hidden="true">
        {texts.stage}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it is an application */}
      <div
        ref={frame}
        className={`map-frame ${isNear ? 'near' : 'far'}`}
        role="application"
        aria-roledescription={texts.is}
        aria-label={texts.how}
        tabIndex={isCurrentDrawn ? -1 : 0}
        style={{ aspectRatio: wholeRatio(house) }}
        onClick={press}
        onKeyDown={type}
        onPointerOver={({ target }) => setPointed(seatOf(target)?.name)}
        onFocus={({ target }) => setPointed(seatOf(target)?.name)}
      >
        <svg
          data-layer="seats"
          className="seats"
          viewBox={`0 0 ${width} ${height}`}
          width={width * scale}
          height={height * scale}
        >
          {[...strokes].map(([look, d]) => (
            <path key={look} className={`far-seats ${look}`} d={d} />
          ))}
          {blocks.map((block) => (
            <Seats key={block.key} block={block} drawing={drawing} words={nameOf} />
          ))}
        </svg>
        <svg
          data-layer="rows"
          className="row-names"
          aria-hidden="true"
          viewBox={`0 0 ${namesWidth} ${height}`}
          width={namesWidth * scale}
          height={height * scale}
        >
          {part !== undefined &&
            scale >= seatScale / 2 &&
            house.lines.slice(Math.max(0, part.fromY), part.toY).map(({ row, y }) => (
              <text key={row} x={namesWidth / 2} y={y + 0.5}>
                {row}
              </text>
            ))}
        </svg>
      </div>
      <div className="map-foot">
        <p className="pointed" aria-hidden="true">
          {told ? nameOf(told) : isNear ? '' : texts.closer}
        </p>
        <div className="zooms" role="group" aria-label={texts.zoom}>
          <button
            type="button"
            aria-label={texts.smaller}
            title={texts.smaller}
            onClick={() => moving.current?.zoom(1 / zoomStep)}
          >
            −
          </button>
          <button
            type="button"
            aria-label={texts.larger}
            title={texts.larger}
            onClick={() => moving.current?.zoom(zoomStep)}
          >
            +
          </button>
          <button type="button" onClick={() => moving.current?.whole()}>
            {texts.whole}
          </button>
        </div>
      </div>
    </div>
  );
};
