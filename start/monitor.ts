import { Worker } from 'node:worker_threads';
import { CannotStart, reasonOf } from '@ensemble/host';
import { putBackOn } from '@ensemble/monitor';
import type { SpanRecord } from '@ensemble/telemetry';
import type { Kit } from './kit.ts';
import type { FromMonitor, ToMonitor } from './monitor-messages.ts';

/** Spans that may be on their way to the thread; what comes beyond is lost, and counted. */
const spansUnderWay = 20_000;
/** After it has ended by a fault it begins anew, in milliseconds. */
const againMs = 1_000;
/** So long it may take to end, in milliseconds. */
const endMs = 1_500;
/** So long whoever asks for metrics waits for those of the monitor, in milliseconds. */
const measureMs = 1_000;

/**
 * Opens the monitor in a thread of its own. It is watching only: when its thread ends the bookings
 * go on, and another thread goes on where it was.
 */
export const openMonitor = async (kit: Kit): Promise<void> => {
  const { apps, config, operators, services, addresses, telemetry, registry, clock, warn } = kit;
  const putBack = putBackOn(services.log);
  let waitsFor: readonly string[] = ['its thread'];
  let stopping = false;
  /** The thread that runs now, and until it has ended. */
  let now: { readonly worker: Worker; readonly ended: Promise<void> } | null = null;

  const post = (message: ToMonitor): void => now?.worker.postMessage(message);

  let fresh: SpanRecord[] = [];
  let underWay = 0;
  let lost = 0;
  const handOver = (): void => {
    post({ kind: 'spans', json: JSON.stringify(fresh), lost });
    fresh = [];
  };
  telemetry?.collect((span) => {
    if (now === null || underWay >= spansUnderWay) {
      lost += 1;
      return;
    }
    underWay += 1;
    // Those of one turn travel together.
    if (fresh.push(span) === 1) setImmediate(handOver);
  });

  const put = async ({ id, records }: Extract<FromMonitor, { kind: 'put' }>): Promise<void> => {
    try {
      await putBack(records);
      post({ kind: 'put', id, failure: null });
    } catch (error) {
      post({ kind: 'put', id, failure: reasonOf(error) });
    }
  };

  const asked = new Map<number, (text: string) => void>();
  let questions = 0;
  registry.include(
    () =>
      new Promise((resolve) => {
        const id = (questions += 1);
        asked.set(id, resolve);
        post({ kind: 'measure', id });
        // A thread that is busy, or gone, is passed over this time.
        clock.after(measureMs, () => measured(id, ''));
      }),
  );
  const measured = (id: number, text: string): void => {
    asked.get(id)?.(text);
    asked.delete(id);
  };

  const begin = (): Promise<string> => {
    const listens = Promise.withResolvers<string>();
    const data = { config, operators };
    const worker = new Worker(new URL('./monitor-thread.ts', import.meta.url), {
      workerData: data,
    });
    const ended = Promise.withResolvers<void>();
    now = { worker, ended: ended.promise };
    worker.on('message', (message: FromMonitor) => {
      if (message.kind === 'listens') listens.resolve(message.url);
      else if (message.kind === 'cannot-start') listens.reject(new CannotStart(message.message));
      else if (message.kind === 'waits') waitsFor = message.for;
      else if (message.kind === 'took') underWay -= message.spans;
      else if (message.kind === 'measured') measured(message.id, message.text);
      else if (message.kind === 'warn') warn(message.what, message.reason);
      else void put(message);
    });
    worker.on('error', (error) => warn('the monitor', error));
    worker.on('exit', (code) => {
      now = null;
      lost += underWay;
      underWay = 0;
      fresh = [];
      ended.resolve();
      if (stopping) return;
      waitsFor = [`its thread, which ended with ${code}, to begin anew`];
      const isFirst = new Error('the thread of the monitor ended before it listened');
      listens.reject(isFirst);
      clock.after(againMs, () => void keepUp());
    });
    return listens.promise;
  };
  /** Has a thread run. @throws CannotStart */
  const keepUp = async (): Promise<void> => {
    if (stopping) return;
    try {
      addresses.set('monitor', await begin());
      waitsFor = [];
    } catch (error) {
      if (error instanceof CannotStart && !addresses.has('monitor')) throw error;
      warn('the monitor', error);
    }
  };

  await keepUp();
  services.add({
    name: 'monitor',
    // It only watches: beside others it keeps nobody from being ready.
    status: () => ({ waitsFor: apps.length === 1 ? waitsFor : [] }),
    stop: async () => {
      stopping = true;
      if (now === null) return;
      const { worker, ended } = now;
      const late = setTimeout(() => void worker.terminate(), endMs);
      post({ kind: 'stop' });
      await ended;
      clearTimeout(late);
    },
  });
};
