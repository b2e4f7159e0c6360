import {
  decide,
  emptyFold,
  type Fold,
  openLetter,
  positionOfRecord,
  type Service,
} from '@ensemble/choreography';
import type { LogRecord } from '@ensemble/log';
import type { RehearsalView } from '../views.ts';

type Line = RehearsalView['lines'][number];

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * What a service would say and do if it heard these events and nothing else, each at the moment at
 * which the log received it. Its own table decides, in memory; nothing is stored, published or done.
 * What it says has the ids that it had then, so it shows what was said already.
 */
export const rehearse = (
  service: Service,
  records: Iterable<LogRecord>,
  { isOnLog }: { isOnLog: (eventId: string) => boolean },
): RehearsalView => {
  const streams = new Map<string, Fold>();
  const decided = new Set<string>();
  const lines: Line[] = [];
  let ignored = 0;
  let repeated = 0;

  const hear = (record: LogRecord): Omit<Line, 'position' | 'type'> | undefined => {
    const opened = openLetter(service, { kind: 'record', record });
    if (opened.kind === 'ignored') {
      ignored += 1;
      return undefined;
    }
    const { stream, input } = opened;
    const cause = `${stream} ${input.id}`;
    if (decided.has(cause)) {
      repeated += 1;
      return undefined;
    }
    const before = streams.get(stream) ?? emptyFold(service);
    const { commit, fold } = decide(
      service,
      { stream, partition: record.partition },
      before,
      input,
      { at: record.timestamp, settled: before.version },
    );
    streams.set(stream, fold);
    decided.add(cause);
    return {
      says: commit.says.map(({ headers: { ce_id: id = '', ce_type: type = '' }, value }) => ({
        id,
        type,
        body: value,
        isOnLog: isOnLog(id),
      })),
      does: commit.does.map(({ name, args, dueAt }) => ({
        name,
        dueAt,
        args: JSON.stringify(args),
      })),
      trouble: null,
    };
  };

  for (const record of records) {
    const place = { position: positionOfRecord(record), type: record.headers['ce_type'] ?? '' };
    try {
      const heard = hear(record);
      if (heard !== undefined) lines.push({ ...place, ...heard });
    } catch (error) {
      // There it would be parked or a dead letter; here that is an answer.
      lines.push({ ...place, says: [], does: [], trouble: wordsOf(error) });
    }
  }
  return { service: service.name, heard: decided.size, ignored, repeated, lines };
};
