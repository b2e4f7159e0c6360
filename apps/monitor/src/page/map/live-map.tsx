import { Answer, Title, useAnswer, useNow, withQuery } from '@ensemble/ui';
import { useState } from 'react';
import type { MapView } from '../../views.ts';
import { useLive } from '../live.tsx';
import { TimeSlider } from '../time-slider.tsx';
import { useAsOf } from '../use-as-of.ts';
import { graphOf } from './graph.ts';
import { MapPicture } from './picture.tsx';
import { MapTables } from './tables.tsx';
import { Totals } from './totals.tsx';

const minuteMs = 60_000;
const windows = [
  [15 * minuteMs, 'quarter of an hour'],
  [60 * minuteMs, 'hour'],
  [6 * 60 * minuteMs, 'six hours'],
  [24 * 60 * minuteMs, 'day'],
  [7 * 24 * 60 * minuteMs, 'week'],
] as const;

const Known = ({ map }: { map: MapView }) => {
  const graph = graphOf(map);
  return (
    <>
      <Totals map={map} />
      <MapPicture graph={graph} />
      <MapTables map={map} />
    </>
  );
};

/** Services and topics, and what flows between them: now, or as of a moment. */
export const LiveMap = () => {
  const [at, look] = useAsOf();
  const [window, setWindow] = useState<number>(windows[1][0]);
  const now = useNow();
  const { view, state } = useLive();
  // Until the stream brings the first map, or where it cannot, the map is asked for.
  const isAsked = at !== null || (view === undefined && state !== 'opening');
  const asked = useAnswer<MapView>(
    isAsked ? withQuery('/api/map', { at: at === null ? undefined : String(at) }) : null,
  );
  const live = { ...asked, answer: view?.map, refused: undefined, isAsking: true };
  return (
    <>
      <div className="row apart">
        <Title window="Map · Ensemble monitor">{at === null ? 'Live map' : 'Map as of then'}</Title>
        <div className="row">
          <label className="small soft">
            Look back at the last{' '}
            <select value={window} onChange={({ target }) => setWindow(Number(target.value))}>
              {windows.map(([ms, name]) => (
                <option key={ms} value={ms}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <TimeSlider at={at} from={now - window} to={now} onChange={look} />
        </div>
      </div>
      <Answer of={isAsked ? asked : live}>{(map) => <Known map={map} />}</Answer>
    </>
  );
};
