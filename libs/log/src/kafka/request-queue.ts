import { createRequire } from 'node:module';

/** As much of kafkajs' queue of requests, which it does not export, as is mended here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/**
 * kafkajs 2.2.4 sets a timer after every answer, by a negative time unless the broker throttles;
 * Node warns of each. A timer is needed only where something waits (kafkajs issue 1751), and what
 * comes to wait later asks for one itself.
 */
const mend = ({ prototype }: { prototype: RequestQueue }): void => {
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
};

mend(
  createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue },
);
