import { Router, type RequestHandler } from 'express';
import { activeTrace } from '@ensemble/telemetry';
import { jsonBody, onlyFor, param, readBody } from '@ensemble/host/edge';
import { sendDocument } from './document.ts';
import { catalogueTopic, type Follower } from './follower.ts';
import type { Live } from './live.ts';
import type { Newest } from './newest.ts';
import type { OpenShow } from './opening.ts';
import type { OperatorOf } from './operators.ts';
import { Problem } from './problem.ts';
import { showRequest, type ShowMapView, type ShowView } from './schemas.ts';
import { type Draw, showMapView, showView } from './show-views.ts';
import type { Shows } from './shows.ts';
import type { Views } from './views.ts';

/** The least time between two states of a show that a live stream sends, in milliseconds. */
const gapMs = 100;

/** What everybody may see of the shows, and how operators open them. */
export const showRoutes = ({
  shows,
  newest,
  openShow,
  views,
  follower,
  live,
  operatorOf,
  fresh,
}: {
  /** The shows, once all of them are known. @throws Problem `cold` */
  shows: () => Shows;
  newest: Newest;
  openShow: OpenShow;
  views: Views;
  follower: Follower;
  live: Live;
  operatorOf: OperatorOf;
  /** Says how fresh an answer is. */
  fresh: RequestHandler;
}): Router => {
  const showOf = async <View>(showId: string, draw: Draw<View>): Promise<View> => {
    // Another gateway may have opened it a moment ago.
    if (shows().describe(showId) === undefined) await newest([catalogueTopic]);
    const show = await views.show(showId, draw);
    if (show === undefined) throw new Problem('unknown-show', `There is no show ${showId}.`);
    return show;
  };

  const list: RequestHandler = (request, response) => {
    sendDocument(request, response, shows().list());
  };

  const open: RequestHandler = async (request, response) => {
    const by = operatorOf(request);
    const description = readBody(showRequest, request);
    const { isNew, ...opened } = await openShow(description, {
      by,
      traceparent: activeTrace(),
    });
    response
      .status(isNew ? 201 : 200)
      .location(`/api/shows/${opened.showId}`)
      .json(opened);
  };

  const show =
    (draw: Draw<object>): RequestHandler =>
    async (request, response) => {
      sendDocument(request, response, await showOf(param(request, 'showId'), draw));
    };

  const watch =
    (kind: 'show' | 'map', draw: Draw<ShowView | ShowMapView>): RequestHandler =>
    async (request, response) => {
      const { showId } = await showOf(param(request, 'showId'), draw);
      const partitions = (): number[] => [
        ...new Set(
          shows()
            .sections(showId)
            .map(({ section }) => follower.partition(`${showId}/${section}`)),
        ),
      ];
      const source = {
        id: showId,
        kind,
        gapMs,
        places: () =>
          partitions().flatMap((partition) =>
            ['section', 'seat'].map((topic) => ({ topic, partition })),
          ),
        render: async () => JSON.stringify(await showOf(showId, draw)),
      } as const;
      await live.stream(source, request, response);
    };

  const one = '/api/shows/:showId';
  const router = Router();
  router.route('/api/shows').get(fresh, list).post(jsonBody, open).all(onlyFor('GET', 'POST'));
  router.route(one).get(fresh, show(showView)).all(onlyFor('GET'));
  router.route(`${one}/live`).get(watch('show', showView)).all(onlyFor('GET'));
  router.route(`${one}/map`).get(fresh, show(showMapView)).all(onlyFor('GET'));
  router.route(`${one}/map/live`).get(watch('map', showMapView)).all(onlyFor('GET'));
  return router;
};
