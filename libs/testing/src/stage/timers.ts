/** Tasks by the moment when they are due; those of one moment in the order they were set. */
export interface Timers {
  /** The result calls it off. */
  set(at: number, task: () => void): () => void;
  /** The moment of the next one. */
  next(): number | undefined;
  /** Does all that is due. */
  ring(now: number): void;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  task: (() => void) | null;
}

const isBefore = (a: Timer, b: Timer): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

/** Timers in a binary heap. */
export const timers = (): Timers => {
  const heap: Timer[] = [];
  let order = 0;

  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };
  const precedes = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    return one !== undefined && (other === undefined || isBefore(one, other));
  };

  const rise = (from: number): void => {
    for (let at = from; at > 0; at = (at - 1) >> 1) {
      if (!precedes(at, (at - 1) >> 1)) return;
      swap(at, (at - 1) >> 1);
    }
  };
  const sink = (): void => {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const child = precedes(left + 1, left) ? left + 1 : left;
      if (!precedes(child, at)) return;
      swap(at, child);
      at = child;
    }
  };

  const pop = (): Timer | undefined => {
    swap(0, heap.length - 1);
    const first = heap.pop();
    sink();
    return first;
  };
  const dropCalledOff = (): void => {
    while (heap[0]?.task === null) pop();
  };

  return {
    set: (at, task) => {
      const timer: Timer = { at, order: (order += 1), task };
      heap.push(timer);
      rise(heap.length - 1);
      return () => {
        timer.task = null;
      };
    },
    next: () => {
      dropCalledOff();
      return heap[0]?.at;
    },
    ring: (now) => {
      for (let first = heap[0]; first !== undefined && first.at <= now; first = heap[0]) {
        pop()?.task?.();
      }
    },
  };
};
