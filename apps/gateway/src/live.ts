import type { Clock, Observe } from '@ensemble/choreography';
import type { Log } from '@ensemble/log';
import type { Request, Response } from 'express';
import { type Channel, channel, type Source, type State } from './channel.ts';
import { every } from './every.ts';
import type { Follower } from './follower.ts';
import { Problem } from './problem.ts';
import { decodePosition } from './stream-position.ts';

/** Live streams: server-sent events, each with the whole document, one whenever it changed. */
export interface Live {
  /** Streams a document to a client until one of the two goes away. */
  stream(source: Source, request: Request, response: Response): Promise<void>;
  count(): number;
  /** Ends all streams. */
  stop(): void;
}

const heartbeatMs = 15_000;
const streamsAtMost = 10_000;
const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};

export const live = (
  log: Log,
  follower: Follower,
  { clock, observe }: { clock: Clock; observe: Observe },
): Live => {
  const channels = new Map<string, Channel>();
  const open = new Set<Response>();
  const stop = every(clock, heartbeatMs, () => {
    for (const response of open) response.write(': still here\n\n');
  });

  const channelOf = (source: Source): Channel => {
    const name = `${source.kind} ${source.id}`;
    const made =
      channels.get(name) ??
      channel(source, follower, { clock, observe, left: () => void channels.delete(name) });
    channels.set(name, made);
    return made;
  };

  /** A gateway that has read less than the one before it waits: time does not run backwards. */
  const catchUp = async (source: Source, lastEventId: string): Promise<void> => {
    const places = source.places();
    const ends = await log.ends([...new Set(places.map(({ topic }) => topic))]);
    await follower.reached(decodePosition(lastEventId, places, ends));
  };

  /** Sends states to a client; one that is slow misses those in between, never the last. */
  const sendTo = (response: Response, kind: Source['kind']): ((state: State) => void) => {
    let isFull = false;
    let waiting: State | undefined;
    const send = (state: State): void => {
      if (isFull) waiting = state;
      else {
        const { position, body } = state;
        isFull = !response.write(`id: ${position}\nevent: ${kind}\ndata: ${body}\n\n`);
      }
    };
    response.on('drain', () => {
      isFull = false;
      const newest = waiting;
      waiting = undefined;
      if (newest !== undefined) send(newest);
    });
    return send;
  };

  return {
    stream: async (source, request, response) => {
      if (open.size >= streamsAtMost) {
        throw new Problem('busy', 'Too many live streams are open.', { retryAfter: 10 });
      }
      const lastEventId = request.get('Last-Event-ID');
      if (lastEventId !== undefined) await catchUp(source, lastEventId);
      if (response.destroyed) return;
      response.writeHead(200, headers);
      if (request.method === 'HEAD') return void response.end();
      response.write('retry: 1000\n\n');
      open.add(response);
      let leave: () => void = () => undefined;
      response.on('close', () => {
        open.delete(response);
        leave();
      });
      try {
        leave = await channelOf(source).join(sendTo(response, source.kind));
      } catch (error) {
        // The client comes back; its stream has begun, so no other answer can be given.
        observe('unavailable', { service: 'gateway', what: 'live', error });
        response.end();
      }
      if (response.destroyed) leave();
    },
    count: () => open.size,
    stop: () => {
      stop();
      for (const response of open) response.end();
    },
  };
};
