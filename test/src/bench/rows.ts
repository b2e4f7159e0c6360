import { bareMaker } from './bare.ts';
import { openHouse } from './house.ts';
import { instances } from './instances.ts';
import { byHttp, type Figures, flat, latency, throughput } from './measure.ts';
import { onServers } from './on-servers.ts';
import { rush } from './rush.ts';
import { traces } from './traces.ts';

/** One measurement: its name, what it is in words, and how many bookings it takes. */
export interface Row {
  readonly name: string;
  readonly what: string;
  readonly full: number;
  readonly quick: number;
  /** Only when asked for: `--long`. */
  readonly isLong?: boolean;
  /** Needs Kafka, and for some MongoDB: `--servers`. */
  readonly onServers?: boolean;
  run(bookings: number): Promise<Figures>;
}

const embedded: readonly Row[] = [
  {
    name: 'own',
    what: "Entered at the gateway's own function, the outside world in process:",
    full: 20_000,
    quick: 500,
    run: (bookings) => throughput(() => openHouse(), bookings),
  },
  {
    name: 'hot',
    what: 'The same, all in one section:',
    full: 7_500,
    quick: 500,
    run: (bookings) => throughput(() => openHouse(), bookings, { hall: 'large' }),
  },
  {
    name: 'http',
    what: 'By HTTP, 200 customers who each wait for their ticket:',
    full: 10_000,
    quick: 500,
    run: (bookings) => byHttp(bookings, { window: 200 }),
  },
  {
    name: 'calm',
    what: 'By HTTP, at 100 bookings a second:',
    full: 3_000,
    quick: 200,
    run: (bookings) => byHttp(bookings, { perSecond: 100 }),
  },
  {
    name: 'real',
    what: 'By HTTP, with the pretend provider over HTTP and mails written:',
    full: 3_000,
    quick: 200,
    run: (bookings) => byHttp(bookings, { window: 100 }, { world: 'real' }),
  },
  {
    name: 'traces',
    what: 'What spans and metrics cost, in pairs:',
    full: 40_000,
    quick: 500,
    run: (bookings) => traces(bookings),
  },
  {
    name: 'flat',
    what: '200,000 bookings, a tenth at a time:',
    full: 200_000,
    quick: 1_000,
    isLong: true,
    run: flat,
  },
];

const servers: readonly Row[] = (
  [
    {
      name: 'kafka',
      what: '(b) Kafka, with SQLite stores:',
      full: 20_000,
      quick: 500,
      run: (bookings) =>
        onServers(['kafka'], (where) => throughput(() => openHouse({ where }), bookings)),
    },
    {
      name: 'kafka-calm',
      what: '(b) at a modest rate:',
      full: 2_000,
      quick: 200,
      run: (bookings) =>
        onServers(['kafka'], (where) => latency(() => openHouse({ where }), bookings)),
    },
    {
      name: 'kafka-hot',
      what: '(b) all in one section:',
      full: 7_500,
      quick: 500,
      run: (bookings) =>
        onServers(['kafka'], (where) =>
          throughput(() => openHouse({ where }), bookings, { hall: 'large' }),
        ),
    },
    {
      name: 'kafka-rush',
      what: '(b) when fewer, and when more come than can be served:',
      full: 5_000,
      quick: 1_000,
      run: (bookings) => onServers(['kafka'], (where) => rush(bookings, where)),
    },
    {
      name: 'mongo',
      what: '(c) Kafka, with stores on the MongoDB-compatible server:',
      full: 5_000,
      quick: 300,
      run: (bookings) =>
        onServers(['kafka', 'mongo'], (where) => throughput(() => openHouse({ where }), bookings)),
    },
    {
      name: 'mongo-hot',
      what: '(c) all in one section:',
      full: 3_000,
      quick: 300,
      run: (bookings) =>
        onServers(['kafka', 'mongo'], (where) =>
          throughput(() => openHouse({ where }), bookings, { hall: 'large' }),
        ),
    },
    {
      name: 'bare',
      what: '(d) The limit: bare kafkajs, the same topics, sizes and subscriptions, nothing kept:',
      full: 60_000,
      quick: 2_000,
      run: (bookings) =>
        onServers(['kafka'], (where) => throughput(() => bareMaker(where), bookings)),
    },
    {
      name: 'bare-calm',
      what: '(d) at a modest rate:',
      full: 2_000,
      quick: 200,
      run: (bookings) => onServers(['kafka'], (where) => latency(() => bareMaker(where), bookings)),
    },
    ...[1, 3].map((count) => ({
      name: `instances-${count}`,
      what: `(c) ${count} process${count === 1 ? '' : 'es'} with the four services, and one gateway:`,
      full: 3_000,
      quick: 300,
      run: (bookings: number) =>
        onServers(['kafka', 'mongo'], (where) =>
          throughput(() => instances(count, where), bookings),
        ),
    })),
  ] satisfies readonly Row[]
).map((row) => ({ ...row, onServers: true }));

export const rows: readonly Row[] = [...embedded, ...servers];
