import type { Service } from '@ensemble/choreography';
import express, { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Knowledge } from '../flow/index.ts';
import type { AuditEntry } from '../ledger/audit.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerRecord } from '../ledger/search.ts';
import type { Hospital } from '../redrive/hospital.ts';
import type { PutBack } from '../redrive/put-back.ts';
import { rehearse } from '../redrive/rehearse.ts';
import { replay, replayAtMost, selected } from '../redrive/replay.ts';
import type { OperatorOf } from './guards.ts';
import { given, invalid, unknown } from './refused.ts';

const why = z.string().trim().min(1).max(500);
const moment = z.int().min(0).optional();
const deadCommand = z.strictObject({ ids: z.array(z.string().max(300)).min(1).max(1_000), why });
const replayCommand = z
  .strictObject({
    service: z.string().max(100),
    booking: z.string().max(300).optional(),
    type: z.string().max(100).optional(),
    from: moment,
    until: moment,
    why,
    isRehearsal: z.boolean().optional(),
  })
  .refine(({ booking, type, from }) => [booking, type, from].some((each) => each !== undefined), {
    error: 'expected at least a booking, a type or `from`',
  });

/** What is acted with. */
export interface Levers {
  readonly knowledge: Pick<Knowledge, 'whatIf' | 'declared'>;
  readonly ledger: Pick<Ledger, 'search' | 'ofBooking' | 'audit'>;
  readonly hospital: Hospital;
  readonly putBack: PutBack;
  /** The tables with which events can be rehearsed. */
  readonly tables: readonly Service[];
  readonly operatorOf: OperatorOf;
  readonly now: () => number;
}

/** What changes something, in the name of an operator; and the question what would be, if. */
export const actRoutes = (levers: Levers): Router => {
  const { knowledge, ledger, hospital, putBack, tables, operatorOf, now } = levers;

  const whatIf: RequestHandler = ({ body }, response) => {
    try {
      response.json(knowledge.whatIf(body));
    } catch (error) {
      if (error instanceof z.ZodError) throw invalid(z.prettifyError(error));
      throw error;
    }
  };

  const onLetters =
    (act: Hospital['redrive']): RequestHandler =>
    async (request, response) => {
      const by = operatorOf(request);
      const command = given(deadCommand, request.body);
      response.json(await act(command.ids, { by, why: command.why }));
    };

  /** Of the events of its bookings, those that are on the log. */
  const eventsAround = async (records: readonly LedgerRecord[]): Promise<ReadonlySet<string>> => {
    const bookings = new Set(records.flatMap(({ headers }) => headers['ce_correlationid'] ?? []));
    const ids = new Set<string>();
    for (const booking of bookings) {
      for (const { headers } of await ledger.ofBooking(booking)) ids.add(headers['ce_id'] ?? '');
    }
    return ids;
  };

  const again: RequestHandler = async (request, response) => {
    const by = operatorOf(request);
    const { service, isRehearsal = false, ...command } = given(replayCommand, request.body);
    const { why: reason, ...selection } = command;
    const declared = knowledge.declared();
    const hears = declared.get(service)?.hears;
    if (hears === undefined) {
      throw unknown(`Expected one of ${[...declared.keys()].join(', ')}, found ${service}.`);
    }
    const table = tables.find(({ name }) => name === service);
    if (isRehearsal && table === undefined) {
      throw unknown(`${service} cannot be rehearsed here: the monitor does not have its table.`);
    }
    const about = `${service} ${JSON.stringify(selection)}`;
    const what: AuditEntry['what'] = isRehearsal ? 'rehearse' : 'replay';
    await ledger.audit.write([{ at: now(), who: by, what, about, why: reason }]);
    if (!isRehearsal || table === undefined) {
      const mandate = { by, why: reason };
      response.json(await replay({ ledger, putBack }, { service, hears }, selection, mandate));
      return;
    }
    const records: LedgerRecord[] = [];
    for await (const page of selected(ledger, selection, hears)) {
      records.push(...page);
      if (records.length >= replayAtMost) break;
    }
    const known = await eventsAround(records);
    response.json(rehearse(table, records, { isOnLog: (id) => known.has(id) }));
  };

  return Router()
    .use(express.json({ limit: '100kb' }))
    .post('/what-if', whatIf)
    .post('/dead/redrive', onLetters(hospital.redrive))
    .post('/dead/discard', onLetters(hospital.discard))
    .post('/replay', again);
};
