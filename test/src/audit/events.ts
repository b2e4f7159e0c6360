import type { Evidence, Finding, RawRecord } from './evidence.ts';
import { isAmongEvents, readSaid, type Said } from './said.ts';

/** The events on the log, each once, and what is wrong with the records that should be such. */
export const eventsOn = ({
  records,
  hostile = false,
}: Evidence): { readonly events: readonly Said[]; readonly finding: Finding } => {
  const events = new Map<string, Said>();
  const forms = new Map<string, string>();
  const violations: string[] = [];
  const among = records.filter(isAmongEvents);
  for (const record of among) {
    try {
      const said = readSaid(record);
      const form = formOf(record);
      const known = forms.get(said.id) ?? form;
      if (known !== form) violations.push(`event ${said.id} has two forms: ${known} and ${form}`);
      forms.set(said.id, known);
      if (!events.has(said.id)) events.set(said.id, said);
    } catch (error) {
      if (!hostile) violations.push(`${placeOf(record)} ${(error as Error).message}`);
    }
  }
  const all = [...events.values()];
  return {
    events: all,
    finding: {
      what: `events, in ${among.length} records`,
      count: all.length,
      violations: [...violations, ...homeless(all)],
    },
  };
};

/** Where a record stands. */
export const placeOf = ({ topic, partition, offset }: RawRecord): string =>
  `${topic}/${partition}/${offset}`;

/** Everything of an event that may never change. */
const formOf = ({ topic, key, headers, value }: RawRecord): string => {
  const sorted = Object.entries(headers).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([topic, key, sorted, Buffer.from(value ?? []).toString()]);
};

/** All that is about a section is in one partition of every topic. */
const homeless = (events: readonly Said[]): string[] => {
  const homes = Map.groupBy(events, ({ key }) => key);
  return [...homes].flatMap(([key, said]) => {
    const partitions = new Set(said.map(({ record }) => record.partition));
    return partitions.size === 1 ? [] : [`${key} is in partitions ${[...partitions].join()}`];
  });
};

/** What a stream says to a topic is numbered 1, 2, 3, …, none missing and none twice. */
export const sequences = (events: readonly Said[]): Finding => {
  // Of all services only seat keeps one stream for a whole section.
  const streams = Map.groupBy(
    events,
    ({ noun, key, about }) => `${noun} of ${noun === 'seat' ? key : about}`,
  );
  const violations = [...streams].flatMap(([stream, said]) => {
    const numbers = said.map(({ sequence }) => sequence).sort((a, b) => a - b);
    const isWhole = numbers.every((number, index) => number === index + 1);
    return isWhole ? [] : [`${stream} is numbered ${numbers.join(', ')}`];
  });
  return { what: 'numbered streams of events', count: streams.size, violations };
};

/** What nobody could digest. */
export const deadLetters = ({ records, hostile = false }: Evidence): Finding => {
  const dead = records.filter(({ topic }) => topic.endsWith('.dead'));
  const violations = hostile
    ? []
    : dead.map((record) => `${placeOf(record)} is dead: ${record.headers['x-dlq-reason']}`);
  return { what: 'dead letters', count: dead.length, violations };
};
