import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import './request-queue.ts';

interface RequestQueue {
  readonly throttleCheckTimeoutId: unknown;
  push(request: object): void;
  maybeThrottle(ms: number): void;
  checkPendingRequests(): void;
  destroy(): void;
}
type Options = Readonly<Record<string, unknown>>;
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: Options,
) => RequestQueue;

const sendRequest = jest.fn();
const logger = { debug: () => undefined };
let queue: RequestQueue;

beforeEach(() => {
  jest.useFakeTimers();
  sendRequest.mockClear();
  queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 5_000, logger });
});
afterEach(() => {
  queue.destroy();
  jest.useRealTimers();
});

describe("kafkajs' queue of requests", () => {
  it('sets no timer when nothing waits, throttled or not', () => {
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
    queue.maybeThrottle(1_000);
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('sends what comes while it is throttled, as soon as it is not', () => {
    queue.maybeThrottle(1_000);
    queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest });
    jest.advanceTimersByTime(999);
    expect(sendRequest).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(sendRequest).toHaveBeenCalledTimes(1);
  });
});
