import { open, Refused } from './ask.ts';
import { onReturn } from './on-return.ts';
import { type SseMessage, sseParser } from './sse.ts';

/** How a stream is doing: it may be coming, and was there before or not. */
export type StreamState = 'opening' | 'open' | 'lost';

/** What follows a stream. */
export interface EventStreamOptions {
  readonly token?: string | undefined;
  readonly onMessage: (message: SseMessage) => void;
  /** Told whenever it changes; with why it was lost. */
  readonly onState: (state: StreamState, why?: Refused) => void;
  /** Told of each response when it begins, with when it was asked for: milliseconds since 1970. */
  readonly onResponse?: (headers: Headers, askedAt: number) => void;
  /** A stream that is silent for so long, heartbeats included, is taken for lost. */
  readonly silenceMs?: number;
}

/** Waits between tries, in milliseconds; a part of it at random, so that not all come at once. */
const firstWaitMs = 500;
const longestWaitMs = 15_000;

/** Resolves after a time; at once when it is called off, or the reader or the connection is back. */
const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      leave();
      resolve();
    };
    const timer = setTimeout(end, ms);
    const leave = onReturn(end);
    signal.addEventListener('abort', end, { once: true });
  });

/** From this silence on a stream is not believed in when the reader comes back, in milliseconds. */
const doubtfulMs = 20_000;

/** Reads one response to its end; resolves to what the server wants waited before the next. */
const readAll = async (
  path: string,
  { token, onMessage, onState, onResponse, silenceMs = 45_000 }: EventStreamOptions,
  { signal, lastEventId }: { signal: AbortSignal; lastEventId: string },
): Promise<number | null> => {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  // Timers stand still while the machine sleeps; the clock does not.
  let heardAt = Date.now();
  const leave = onReturn((isSure) => {
    if (isSure || Date.now() - heardAt > doubtfulMs) silence.abort();
  });
  try {
    const either = AbortSignal.any([signal, silence.signal]);
    const askedAt = Date.now();
    const asked = { token, lastEventId, signal: either };
    const response = await open(path, asked, 'text/event-stream');
    onResponse?.(response.headers, askedAt);
    const parser = sseParser();
    const decoder = new TextDecoder();
    onState('open');
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      heardAt = Date.now();
      const text = decoder.decode(read.value, { stream: true });
      for (const message of parser.feed(text)) onMessage(message);
    }
    return parser.retryMs();
  } finally {
    clearTimeout(timer);
    leave();
  }
};

/**
 * Follows server-sent events until the function that it returns is called, through losses of the
 * connection. Every message of ours says the whole; the id of the last one is sent along, so that a
 * server that knows less than the one before it says nothing until it knows as much.
 */
export const followEvents = (path: string, options: EventStreamOptions): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  const follow = async (): Promise<void> => {
    let waitMs = firstWaitMs;
    let lastEventId = '';
    options.onState('opening');
    const whole: EventStreamOptions = {
      ...options,
      onMessage: (message) => {
        lastEventId = message.id;
        options.onMessage(message);
      },
      onState: (state, why) => {
        if (state === 'open') waitMs = firstWaitMs;
        options.onState(state, why);
      },
    };
    while (!signal.aborted) {
      let why: Refused | undefined;
      let asked: number | null = null;
      try {
        asked = await readAll(path, whole, { signal, lastEventId });
      } catch (error) {
        why = error instanceof Refused ? error : new Refused(0, 'The connection was lost.');
      }
      if (signal.aborted) return;
      options.onState('lost', why);
      await wait(asked ?? waitMs * (0.5 + Math.random() / 2), signal);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  };
  void follow();
  return () => ending.abort();
};
