import { open, Refused } from './ask.ts';
import { type SseMessage, sseParser } from './sse.ts';

/** How a stream is doing: it may be coming, and was there before or not. */
export type StreamState = 'opening' | 'open' | 'lost';

/** What follows a stream. */
export interface EventStreamOptions {
  readonly token?: string | undefined;
  readonly onMessage: (message: SseMessage) => void;
  /** Told whenever it changes; with why it was lost. */
  readonly onState: (state: StreamState, why?: Refused) => void;
  /** A stream that is silent for so long, heartbeats included, is taken for lost. */
  readonly silenceMs?: number;
}

/** Waits between tries, in milliseconds; a part of it at random, so that not all come at once. */
const firstWaitMs = 500;
const longestWaitMs = 15_000;

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Reads one response to its end; resolves to what the server wants waited before the next. */
const readAll = async (
  path: string,
  { token, onMessage, onState, silenceMs = 45_000 }: EventStreamOptions,
  signal: AbortSignal,
): Promise<number | null> => {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const either = AbortSignal.any([signal, silence.signal]);
    const response = await open(path, { token, signal: either }, 'text/event-stream');
    const parser = sseParser();
    const decoder = new TextDecoder();
    onState('open');
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      const text = decoder.decode(read.value, { stream: true });
      for (const message of parser.feed(text)) onMessage(message);
    }
    return parser.retryMs();
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Follows server-sent events until the function that it returns is called, through losses of the
 * connection. Every message of ours says the whole; nothing is asked for again.
 */
export const followEvents = (path: string, options: EventStreamOptions): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  const follow = async (): Promise<void> => {
    let waitMs = firstWaitMs;
    options.onState('opening');
    const whole: EventStreamOptions = {
      ...options,
      onState: (state, why) => {
        if (state === 'open') waitMs = firstWaitMs;
        options.onState(state, why);
      },
    };
    while (!signal.aborted) {
      let why: Refused | undefined;
      let asked: number | null = null;
      try {
        asked = await readAll(path, whole, signal);
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
