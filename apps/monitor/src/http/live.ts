import type { RequestHandler, Response } from 'express';
import { Refused } from './refused.ts';

/** Server-sent events, the same for all who listen, made once. */
export interface Live {
  readonly handler: RequestHandler;
  count(): number;
  /** Tells all. Who is slow misses what comes in between, never the newest. */
  tell(text: string): void;
  /** Ends all streams. */
  stop(): void;
}

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};
const listenersAtMost = 200;

/** @param now the newest as it is at this moment, for who has just come */
export const live = (now: () => string): Live => {
  const listeners = new Set<Response>();
  const send = (response: Response, text: string): void => {
    if (response.writableNeedDrain) return;
    response.write(`event: live\ndata: ${text}\n\n`);
  };
  return {
    handler: (_request, response) => {
      if (listeners.size >= listenersAtMost) {
        const detail = `${listenersAtMost} listen already: close a window of the page.`;
        throw new Refused({ status: 503, code: 'busy', title: 'Too many listen', detail });
      }
      response.writeHead(200, headers);
      response.write('retry: 1000\n\n');
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      send(response, now());
    },
    count: () => listeners.size,
    tell: (text) => {
      for (const response of listeners) send(response, text);
    },
    stop: () => {
      for (const response of listeners) response.end();
    },
  };
};
