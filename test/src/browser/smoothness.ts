import type { Page } from 'playwright-core';

/** How a page did while something was done with it, in milliseconds. */
export interface Smoothness {
  readonly frames: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  /** Of the tasks over 50 ms, which keep a page from answering. */
  readonly longTasksMs: readonly number[];
  /** Of the page's thread: what it worked in its longest task, the same on a machine that is full. */
  readonly longestTaskCpuMs: number;
  /** And for a frame. */
  readonly cpuMs: number;
}

interface Watched {
  readonly frames: number[];
  readonly tasks: number[];
}

const quantile = (sorted: readonly number[], share: number): number =>
  Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10;

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** CPU, in microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The CPU of each task of the page's thread, in milliseconds. */
const tasksIn = (trace: string): readonly number[] => {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents.flatMap((event) =>
      event.args?.name === 'CrRendererMain' ? [threadOf(event)] : [],
    ),
  );
  return traceEvents.flatMap((event) =>
    event.name.endsWith('RunTask') && mains.has(threadOf(event)) ? [(event.tdur ?? 0) / 1_000] : [],
  );
};

/** Watches the frames and the long tasks of a page while something is done. */
export const smoothnessOf = async (page: Page, act: () => Promise<void>): Promise<Smoothness> => {
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ['toplevel'] });
  await page.evaluate(`(() => {
    const watched = { frames: [], tasks: [], isOver: false };
    globalThis.watched = watched;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.tasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });
    let before = performance.now();
    const frame = (now) => {
      watched.frames.push(now - before);
      before = now;
      if (!watched.isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })()`);
  await act();
  const { frames, tasks: longTasksMs } = await page.evaluate<Watched>(
    '(globalThis.watched.isOver = true, globalThis.watched)',
  );
  const tasks = tasksIn(String(await browser?.stopTracing()));
  const sorted = frames.slice(1).toSorted((a, b) => a - b);
  return {
    frames: sorted.length,
    medianMs: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    longTasksMs,
    longestTaskCpuMs: Math.round(Math.max(0, ...tasks)),
    cpuMs: Math.round((sum(tasks) / Math.max(1, sorted.length)) * 10) / 10,
  };
};

/** Drags something to and fro, a step for each frame. */
export const drag = async (page: Page, selector: string, steps: number): Promise<void> => {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`expected to see ${selector}`);
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  for (let step = 1; step <= steps; step += 1) {
    const away = Math.sin(step / 12);
    await page.mouse.move(
      middle.x + (away * box.width) / 2.2,
      middle.y + (away * box.height) / 2.2,
    );
  }
  await page.mouse.up();
};

/** How far what was seen has jumped about by itself (Cumulative Layout Shift), so far. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(`new Promise((resolve) => {
    const observer = new PerformanceObserver(() => undefined);
    observer.observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => {
      const shifts = observer.takeRecords().filter(({ hadRecentInput }) => !hadRecentInput);
      resolve(shifts.reduce((sum, { value }) => sum + value, 0));
    });
  })`);
