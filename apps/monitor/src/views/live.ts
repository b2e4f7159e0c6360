import type { MapView } from './map.ts';
import type { StuckView } from './trouble.ts';

/** `GET /api/live`: server-sent events, once a second, each a whole one of these. */
export interface LiveView {
  readonly map: MapView;
  readonly stuck: StuckView;
  readonly insights: number;
  readonly dead: number;
}
