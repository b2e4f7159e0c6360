import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Spans } from '../collector/spans.ts';
import type { DeclaredServices } from '../declared.ts';
import { type Knowledge, recordView } from '../flow/index.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Hospital } from '../redrive/hospital.ts';
import type { AuditView, DeadView, RecordsView } from '../views.ts';
import type { OperatorOf } from './guards.ts';
import { given, unknown } from './refused.ts';
import { type LinkTemplate, withLinks } from './trace-links.ts';

const moment = z.coerce.number().int().min(0).max(8.64e15).optional();
const word = z.string().max(300).optional();
const asOf = z.object({ at: moment });
const bookingsQuery = z.object({
  q: word,
  state: word,
  service: word,
  type: word,
  from: moment,
  to: moment,
  before: word,
});
const recordsQuery = z.object({
  booking: word,
  type: word,
  service: word,
  trace: word,
  topic: word,
  from: moment,
  until: moment,
  after: word,
});
const timeSpan = z.object({ from: moment, to: moment });
const deadQuery = z.object({ service: word, state: z.literal('all').optional() });
const hourMs = 3_600_000;

/** What is looked at. */
export interface Sights {
  readonly knowledge: Knowledge;
  /** Where else bookings and traces can be looked at. */
  readonly links: readonly LinkTemplate[];
  readonly ledger: Pick<Ledger, 'search' | 'ofBooking' | 'audit'>;
  readonly spans: Pick<Spans, 'ofBooking'>;
  readonly declared: DeclaredServices;
  readonly hospital: Hospital;
  readonly operatorOf: OperatorOf;
  readonly now: () => number;
}

/** Empty fields of a form are not asked for. */
const asked = (query: unknown): unknown =>
  Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));

/** What everybody may look at who reaches the monitor; personal data is for named operators. */
export const lookRoutes = ({
  knowledge,
  links,
  ledger,
  spans,
  declared,
  hospital,
  operatorOf,
  now,
}: Sights): Router => {
  /** Whoever shows a token sees personal data; that is put down. */
  const isPersonalShown = async (
    request: Parameters<OperatorOf>[0],
    about: string,
  ): Promise<boolean> => {
    if (request.headers.authorization === undefined) return false;
    const who = operatorOf(request);
    await ledger.audit.write([{ at: now(), who, what: 'unblot', about, why: 'to look at it' }]);
    return true;
  };

  const map: RequestHandler = ({ query }, response) => {
    response.json(knowledge.map(given(asOf, asked(query)).at));
  };
  const bookings: RequestHandler = ({ query }, response) => {
    response.json(knowledge.bookings(given(bookingsQuery, asked(query))));
  };
  const story: RequestHandler<{ id: string }> = async (request, response) => {
    const { id } = request.params;
    const { at } = given(asOf, asked(request.query));
    const [found, isShown] = await Promise.all([
      ledger.ofBooking(id),
      isPersonalShown(request, id),
    ]);
    // What happened since the last second is told too.
    knowledge.tick(now());
    const view = knowledge.story(id, {
      at,
      records: found.map((record) => ({ record, hash: record.hash })),
      spans: spans.ofBooking(id),
      isPersonalShown: isShown,
    });
    if (view === undefined) throw unknown(`Nothing is known of the booking ${id}.`);
    response.json(withLinks(view, links));
  };
  const stuck: RequestHandler = ({ query }, response) => {
    response.json(knowledge.stuck(given(asOf, asked(query)).at));
  };
  const analytics: RequestHandler = ({ query }, response) => {
    const { from, to = now() } = given(timeSpan, asked(query));
    response.json(knowledge.analytics(from ?? to - hourMs, to));
  };
  const dead: RequestHandler = async (request, response) => {
    const { service, state } = given(deadQuery, asked(request.query));
    const isShown = await isPersonalShown(request, 'dead letters');
    const letters = await hospital.letters({
      services: service === undefined ? declared.names() : [service],
      show: (record) => recordView(record, record.hash, { isPersonalShown: isShown }),
      isAll: state === 'all',
    });
    response.json({ letters } satisfies DeadView);
  };
  const records: RequestHandler = async (request, response) => {
    const query = given(recordsQuery, asked(request.query));
    const isShown = await isPersonalShown(request, `records ${JSON.stringify(query)}`);
    const { records: found, next } = await ledger.search(query);
    const shown = found.map((record) =>
      recordView(record, record.hash, { isPersonalShown: isShown }),
    );
    response.json({ records: shown, next } satisfies RecordsView);
  };
  const audit: RequestHandler = async (_request, response) => {
    response.json({ entries: await ledger.audit.entries() } satisfies AuditView);
  };

  return Router()
    .get('/map', map)
    .get('/bookings', bookings)
    .get('/bookings/:id', story)
    .get('/stuck', stuck)
    .get('/conformance', (_request, response) => void response.json(knowledge.conformance()))
    .get('/analytics', analytics)
    .get('/insights', (_request, response) => void response.json(knowledge.insights()))
    .get('/dead', dead)
    .get('/records', records)
    .get('/audit', audit);
};
