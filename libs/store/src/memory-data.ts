import type { FiledToDo, ParkedInput, Store } from './store.ts';

/**
 * What a store in memory holds, apart from the ports to it, so that a test can open it again or
 * give it to several simulated processes.
 */
export interface MemoryStoreData {
  /** Runs a task in a later turn. A simulation decides in which order. */
  readonly schedule: (task: () => void) => void;
  /** By stream, its commits as JSON in order of version. */
  readonly commits: Map<string, string[]>;
  /** By stream and cause, the index of the commit in its stream. */
  readonly causes: Map<string, Map<string, number>>;
  /** By stream and table. */
  readonly snapshots: Map<string, Map<string, string>>;
  /** By id, the one with the highest tries. */
  readonly toDos: Map<string, FiledToDo>;
  /** By stream and id, the one with the highest tries. */
  readonly parked: Map<string, Map<string, ParkedInput>>;
  /** By set, document and id. */
  readonly sets: Map<string, Map<string, Map<string, string>>>;
  readonly known: Map<string, string>;
  /** Ports of processes that died. */
  readonly dead: Set<Store>;
  /** As if the process that holds this port died: nothing it still awaits is done or answered. */
  crash(port: Store): void;
}

/** Makes an empty store in memory. */
export const memoryStoreData = ({
  schedule = (task) => void setImmediate(task),
}: { schedule?: (task: () => void) => void } = {}): MemoryStoreData => {
  const dead = new Set<Store>();
  return {
    schedule,
    commits: new Map(),
    causes: new Map(),
    snapshots: new Map(),
    toDos: new Map(),
    parked: new Map(),
    sets: new Map(),
    known: new Map(),
    dead,
    crash: (port) => void dead.add(port),
  };
};
