/** The thread of the monitor: what it does costs the services no turn of their event loop. */
import { join } from 'node:path';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import {
  CannotStart,
  type Config,
  openReadLog,
  reasonOf,
  serve,
  systemClock as clock,
} from '@ensemble/host';
import { builtPage, monitorPage, openMonitor } from '@ensemble/monitor';
import { ledgerFile } from '@ensemble/monitor/ledger';
import type { NewRecord } from '@ensemble/log';
import type { SpanRecord } from '@ensemble/telemetry';
import type { FromMonitor, ToMonitor } from './monitor-messages.ts';
import { tables } from './tables.ts';

const { config, operators } = workerData as {
  readonly config: Config;
  readonly operators: ReadonlyMap<string, string>;
};
const dayMs = 86_400_000;
const mib = 1_048_576;

const tell = (message: FromMonitor): void => parentPort?.postMessage(message);
const warn = (what: string, error: unknown): void =>
  tell({ kind: 'warn', what, reason: reasonOf(error) });

const puts = new Map<number, PromiseWithResolvers<void>>();
/** The log is written by the thread that has it open. */
const putBack = (records: readonly NewRecord[]): Promise<void> => {
  const id = puts.size === 0 ? 1 : Math.max(...puts.keys()) + 1;
  const done = Promise.withResolvers<void>();
  puts.set(id, done);
  tell({ kind: 'put', id, records });
  return done.promise;
};
const wasPut = (id: number, failure: string | null): void => {
  const done = puts.get(id);
  puts.delete(id);
  if (failure === null) done?.resolve();
  else done?.reject(new Error(failure));
};

const begin = async (): Promise<void> => {
  const log = await openReadLog(config, { warn });
  const { HOST: host, MONITOR_PORT: port, MONITOR_PUBLIC_URL: publicUrl } = config;
  const page = builtPage();
  page.catch((error: unknown) => warn('building the page of the monitor', error));
  const monitor = openMonitor({
    log,
    putBack,
    clock,
    file: join(config.ENSEMBLE_DATA, ledgerFile),
    keeping: { ageMs: config.LEDGER_DAYS * dayMs, bytes: config.LEDGER_MB * mib },
    operators,
    tables: tables(config),
    hosts: publicUrl === undefined ? [] : [new URL(publicUrl).hostname],
    page: monitorPage(page),
    links: config.TRACE_LINKS ?? [],
    warn,
  });
  const server = await serve(monitor.app, { host, port, variable: 'MONITOR_PORT' });

  const report = setInterval(() => tell({ kind: 'waits', for: monitor.waitsFor() }), 500);
  parentPort?.on('message', (message: ToMonitor) => {
    if (message.kind === 'put') wasPut(message.id, message.failure);
    else if (message.kind === 'stop') void stop();
    else if (message.kind === 'measure') void measure(message.id);
    else {
      const spans = JSON.parse(message.json) as SpanRecord[];
      for (const span of spans) monitor.span(span);
      monitor.lost(message.lost);
      tell({ kind: 'took', spans: spans.length });
    }
  });
  const measure = async (id: number): Promise<void> =>
    tell({ kind: 'measured', id, text: await monitor.metrics() });
  const stop = async (): Promise<void> => {
    clearInterval(report);
    await monitor.stop();
    await server.stop();
    await log.close();
    process.exit(0);
  };
  tell({ kind: 'listens', url: server.url });
};

try {
  await begin();
} catch (error) {
  if (!(error instanceof CannotStart)) throw error;
  tell({ kind: 'cannot-start', message: error.message });
}
