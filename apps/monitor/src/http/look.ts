import { setImmediate as nextTurn } from 'node:timers/promises';
import { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { moment } from '../asked.ts';
import type { Spans } from '../collector/spans.ts';
import { filterSchema, type Knowledge, lettersQuery, recordView } from '../flow/index.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type LedgerRecord, recordsQuery } from '../ledger/search.ts';
import type { Hospital } from '../redrive/hospital.ts';
import type { AnalyticsView, AuditView, DeadView, RecordsView, RecordView } from '../views.ts';
import type { OperatorOf } from './guards.ts';
import { given, unknown } from './refused.ts';
import { type LinkTemplate, withLinks } from './trace-links.ts';

const asOf = z.object({ at: moment });
const timeSpan = z.object({ from: moment, to: moment });
const auditQuery = z.object({ before: z.coerce.number().int().min(0).optional() });
const hourMs = 3_600_000;

/** What is looked at. */
export interface Sights {
  readonly knowledge: Knowledge;
  /** Where else bookings and traces can be looked at. */
  readonly links: readonly LinkTemplate[];
  readonly ledger: Pick<Ledger, 'search' | 'ofBooking' | 'audit'>;
  readonly spans: Pick<Spans, 'ofBooking'>;
  readonly hospital: Hospital;
  readonly operatorOf: OperatorOf;
  readonly now: () => number;
}

/** Empty fields of a form are not asked for. */
const asked = (query: unknown): unknown =>
  Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));

/** Does something long, and lets others have their turn whenever it stops. */
const inTurns = async <Result>(work: Generator<void, Result>): Promise<Result> => {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    await nextTurn();
  }
};

const shownTo =
  (isPersonalShown: boolean) =>
  (record: LedgerRecord): RecordView =>
    recordView(record, record.hash, { isPersonalShown });

/** What everybody may look at who reaches the monitor; personal data is for named operators. */
/** A search as the audit log has it, which everybody may read: what was typed may be a name. */
const wordless = ({ q, ...query }: { readonly q?: string | undefined }): string =>
  JSON.stringify({ ...query, ...(q !== undefined && { q: '…' }) });

export const lookRoutes = ({
  knowledge,
  links,
  ledger,
  spans,
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
    response.json(knowledge.bookings(given(filterSchema, asked(query))));
  };
  const story: RequestHandler<{ id: string }> = async (request, response) => {
    const { id } = request.params;
    const { at } = given(asOf, asked(request.query));
    const [found, isShown] = await Promise.all([
      ledger.ofBooking(id),
      isPersonalShown(request, id),
    ]);
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
  const analytics: RequestHandler = async ({ query }, response) => {
    const { from, to = now() } = given(timeSpan, asked(query));
    const view: AnalyticsView = await inTurns(knowledge.analytics(from ?? to - hourMs, to));
    response.json(view);
  };
  const dead: RequestHandler = async (request, response) => {
    const query = given(lettersQuery, asked(request.query));
    const isShown = await isPersonalShown(request, `dead letters ${wordless(query)}`);
    const view: DeadView = await hospital.letters(query, shownTo(isShown));
    response.json(view);
  };
  const records: RequestHandler = async (request, response) => {
    const query = given(recordsQuery, asked(request.query));
    const isShown = await isPersonalShown(request, `records ${JSON.stringify(query)}`);
    const { records: found, next } = await ledger.search(query);
    response.json({ records: found.map(shownTo(isShown)), next } satisfies RecordsView);
  };
  const audit: RequestHandler = async ({ query }, response) => {
    const limit = 1_000;
    const { before } = given(auditQuery, asked(query));
    const entries = await ledger.audit.entries({ before, limit });
    const next = entries.length === limit ? String(entries.at(-1)?.id) : null;
    response.json({ entries, next } satisfies AuditView);
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
