import { onlyFor } from '@ensemble/host/edge';
import { type RequestHandler, Router } from 'express';
import { sendDocument } from './document.ts';
import { anyShow } from './follower.ts';
import type { Live } from './live.ts';
import type { OperatorOf } from './operators.ts';
import { showSales } from './sales-view.ts';
import type { SalesView } from './schemas.ts';
import type { Shows } from './shows.ts';
import type { Views } from './views.ts';

/** The least time between two states that a live stream sends, in milliseconds. */
const gapMs = 1_000;

/** How the shows sell: for operators. */
export const salesRoutes = ({
  shows,
  views,
  live,
  operatorOf,
  partitions,
  fresh,
}: {
  /** The shows, once all of them are known. @throws Problem `cold` */
  shows: () => Shows;
  views: Views;
  live: Live;
  operatorOf: OperatorOf;
  /** Of every topic. */
  partitions: number;
  /** Says how fresh an answer is. */
  fresh: RequestHandler;
}): Router => {
  const sales = async (): Promise<SalesView> => {
    const ids = shows()
      .list()
      .shows.map(({ showId }) => showId);
    const sold = await Promise.all(ids.map((showId) => views.show(showId, showSales)));
    return { shows: sold.flatMap((show) => show ?? []) };
  };

  const operatorsOnly: RequestHandler = (request, response, next) => {
    operatorOf(request);
    response.set({ 'Cache-Control': 'private, no-cache', Vary: 'Authorization' });
    next();
  };

  const show: RequestHandler = async (request, response) => {
    sendDocument(request, response, await sales());
  };

  const places = Array.from({ length: partitions }, (_, partition) =>
    ['section', 'seat'].map((topic) => ({ topic, partition })),
  ).flat();
  const watch: RequestHandler = async (request, response) => {
    shows();
    const render = async (): Promise<string> => JSON.stringify(await sales());
    const source = { id: anyShow, kind: 'sales', gapMs, places: () => places, render } as const;
    await live.stream(source, request, response);
  };

  const router = Router();
  router.use('/api/sales', operatorsOnly);
  router.route('/api/sales').get(fresh, show).all(onlyFor('GET'));
  router.route('/api/sales/live').get(watch).all(onlyFor('GET'));
  return router;
};
