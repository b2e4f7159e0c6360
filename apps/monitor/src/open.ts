import { randomBytes } from 'node:crypto';
import type { Clock, Service } from '@ensemble/choreography';
import type { Log } from '@ensemble/log';
import { registry, type SpanSink } from '@ensemble/telemetry';
import { problemPages } from '@ensemble/host';
import express, { type Express, Router } from 'express';
import { otlpRoutes } from './collector/routes.ts';
import { openSpans } from './collector/spans.ts';
import { knowledge as makeKnowledge } from './flow/index.ts';
import { actRoutes } from './http/act.ts';
import { headers, knownHosts, operatorsOnly } from './http/guards.ts';
import { live as makeLive } from './http/live.ts';
import { lookRoutes } from './http/look.ts';
import { monitorProblems } from './http/problems.ts';
import { answerErrors, nothingHere } from './http/refused.ts';
import type { LinkTemplate } from './http/trace-links.ts';
import type { Keeping } from './ledger/cutting.ts';
import { keepLedger } from './ledger/keep.ts';
import { type Gap, openLedger } from './ledger/ledger.ts';
import { compactedTopics } from './ledger/compacted.ts';
import { hospital as openHospital } from './redrive/hospital.ts';
import type { PutBack } from './redrive/put-back.ts';
import type { LiveView } from './views.ts';
import { watchFlow } from './metrics.ts';
import { watch as startWatch } from './watch.ts';

export type { Keeping } from './ledger/cutting.ts';
export { builtPage, monitorPage } from './http/page.ts';
export { type PutBack, putBackOn } from './redrive/put-back.ts';
export * from './collector/otlp.ts';
export * from './http/trace-links.ts';
export * from './metrics.ts';
export type * from './views.ts';

/** What a monitor is opened with. */
export interface MonitorOptions {
  /** It reads everything there, and can append nothing. */
  readonly log: Pick<Log, 'partitions' | 'topics' | 'read' | 'ends' | 'committed'>;
  /** Gives services stored letters once more. */
  readonly putBack: PutBack;
  readonly clock: Clock;
  /** Where the ledger is kept; its directory must exist. */
  readonly file: string;
  readonly keeping: Keeping;
  /** Tokens by operators' names. */
  readonly operators: ReadonlyMap<string, string>;
  /** Tables with which events can be rehearsed. */
  readonly tables: readonly Service[];
  /** Names under which it may be asked for, beside this machine's own. */
  readonly hosts: readonly string[];
  /** Serves the page, after all else. */
  readonly page: Router | null;
  /** Where else bookings and traces can be looked at. */
  readonly links: readonly LinkTemplate[];
  /** Hears of what did not work and is tried again. */
  readonly warn: (what: string, error: unknown) => void;
}

/** A monitor that runs. */
export interface Monitor {
  /** Its HTTP side, to be listened with. */
  readonly app: Express;
  /** Takes spans that ended in this process. */
  readonly span: SpanSink;
  /** So many spans were lost in all before they came here. */
  lost(spans: number): void;
  /** The flow of all bookings as metrics: Prometheus text. */
  metrics(): Promise<string>;
  /** Resolves when it knows everything that was on the log when it began. */
  readonly caughtUp: Promise<void>;
  /** What it waits for, in words; all is well when there is nothing. */
  waitsFor(): readonly string[];
  stop(): Promise<void>;
}

const gapError = ({ topic, partition, from, until }: Gap): Error =>
  new Error(
    `expected ${topic}/${partition}/${from} next, found ${until}: the log has lost what stood between, ` +
      'or its retention dropped it before the monitor read it; topics are to be kept for ever',
  );

/**
 * Opens the monitor: it hears everything, keeps it in its ledger, and shows what it makes of it. It
 * decides nothing, and can be away without harm: it goes on where it was.
 * @throws LedgerUnavailable
 */
export const openMonitor = (options: MonitorOptions): Monitor => {
  const { log, putBack, clock, file, keeping, operators, tables, hosts, page, links, warn } =
    options;
  const now = (): number => clock.now();
  const ledger = openLedger({
    file,
    compacted: compactedTopics,
    onGap: (gap) => warn('reading the log without a gap', gapError(gap)),
  });
  const knowledge = makeKnowledge({
    secret: randomBytes(16).toString('hex'),
    partitions: log.partitions,
  });
  const spans = openSpans({ standing: (bookingId) => knowledge.standing(bookingId) });
  const hospital = openHospital({
    ledger,
    letters: knowledge.letters,
    putBack,
    now,
    discarded: knowledge.discarded,
  });

  const seen = (): string => {
    const { insights } = knowledge.insights();
    const map = knowledge.map();
    const view: LiveView = {
      map,
      stuck: knowledge.stuck(),
      insights: insights.filter(({ endedAt }) => endedAt === null).length,
      dead: map.services.reduce((sum, { dead }) => sum + dead, 0),
    };
    return JSON.stringify(view);
  };
  const live = makeLive(seen);
  const meters = registry();
  const flow = watchFlow(meters, { map: knowledge.map, stuck: knowledge.stuck });
  const tell = (): void => {
    const { ended, verdicts } = knowledge.news();
    for (const { outcome, tookMs } of ended) flow.ended(outcome, tookMs);
    for (const kind of verdicts) flow.verdict(kind);
    if (live.count() > 0) live.tell(seen());
  };
  const watching = startWatch({
    knowledge,
    ledger,
    spans,
    log,
    clock,
    ticked: tell,
    warn,
  });
  const keeper = keepLedger(ledger, log, { clock, keeping, took: watching.took, warn });
  /** What was discarded is in the ledger's audit alone. */
  const recallDiscards = async (): Promise<void> => {
    await watching.recalled;
    for (let before: number | undefined; ;) {
      const entries = await ledger.audit.entries({ what: 'discard', before });
      for (const { about } of entries) knowledge.discarded(about);
      before = entries.at(-1)?.id;
      if (before === undefined) return;
    }
  };
  const recalled = recallDiscards();

  const operatorOf = operatorsOnly(operators);
  const common = { links, knowledge, ledger, hospital, operatorOf, now };
  const api = Router()
    .use((_request, response, next) => {
      response.set('Cache-Control', 'no-store');
      next();
    })
    .get('/live', live.handler)
    .use(lookRoutes({ ...common, spans }))
    .use(actRoutes({ ...common, putBack, tables }));
  const app = express().disable('x-powered-by').disable('etag').set('trust proxy', false);
  const span: SpanSink = (each) => {
    spans.take(each);
    knowledge.span(each);
  };
  app.use(headers, knownHosts(hosts), otlpRoutes(span), problemPages(monitorProblems));
  app.use('/api', api, nothingHere);
  if (page !== null) app.use(page);
  app.use(
    nothingHere,
    answerErrors((error) => warn('a request to the monitor', error)),
  );

  return {
    app,
    span,
    lost: spans.lost,
    metrics: meters.render,
    caughtUp: Promise.all([keeper.caughtUp, recalled]).then(() => undefined),
    waitsFor: () => [...keeper.waitsFor(), ...watching.waitsFor()],
    stop: async () => {
      live.stop();
      await keeper.stop();
      await watching.stop();
      await recalled;
      await ledger.close();
    },
  };
};
