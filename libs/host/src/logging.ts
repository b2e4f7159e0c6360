import process from 'node:process';
import type { Concerned, Happening, Observe } from '@ensemble/choreography';
import { readTraceParent, reasonOf } from '@ensemble/telemetry';
import { destination, type Logger, pino } from 'pino';
import { aboutOne } from './about-one.ts';

export { reasonOf };

/** What goes wrong over and over is said once in this time, with how often it was. */
const quietMs = 10_000;
const remembered = 500;

/** Warnings and errors of a process, in JSON, to its standard error. */
export const processLogger = (): Logger =>
  pino(
    { level: 'warn', base: { pid: process.pid } },
    // What is said last has to be written before the process ends.
    destination({ dest: 2, sync: true }),
  );

const levels: Partial<Record<Happening, 'warn' | 'error'>> = {
  parked: 'warn',
  unavailable: 'warn',
  failed: 'warn',
  'given-up': 'warn',
  dead: 'error',
};

/** Where an error came from, without its message. */
export const framesOf = (error: unknown): string[] =>
  error instanceof Error
    ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
    : [];

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

/** What stands behind an error that is said in a word. */
const causeOf = (error: unknown): { cause?: string } =>
  error instanceof Error && error.cause !== undefined ? { cause: reasonOf(error.cause) } : {};

/** By the names under which traces know them. */
const idsOf = ({ booking, event, toDo, trace }: Concerned) => {
  const context = readTraceParent(trace);
  return {
    booking_id: booking,
    event_id: event,
    to_do_id: toDo,
    trace_id: context?.traceId,
    span_id: context?.spanId ?? undefined,
  };
};

/** Writes a line for what an operator should know of. */
export const logged = (logger: Pick<Logger, 'warn' | 'error'>, now: () => number): Observe => {
  const said = new Map<string, { at: number; untold: number }>();
  return (happening, { service, what, error, concerned = {} }) => {
    const level = levels[happening];
    if (level === undefined) return;
    const key = `${service} ${happening} ${aboutOne.has(happening) ? '' : what}`;
    const last = said.get(key);
    if (last !== undefined && now() - last.at < quietMs) {
      last.untold += 1;
      return;
    }
    if (said.size >= remembered) said.clear();
    said.set(key, { at: now(), untold: 0 });
    const untold = last?.untold ?? 0;
    logger[level](
      {
        service,
        what,
        reason: reasonOf(error),
        code: codeOf(error),
        ...idsOf(concerned),
        ...causeOf(error),
        ...(untold > 0 ? { timesSince: untold } : {}),
      },
      `${service}: ${happening}`,
    );
  };
};
