/** One message of a stream of server-sent events. */
export interface SseMessage {
  /** `message` unless the server named it. */
  readonly event: string;
  readonly data: string;
  /** The id that stands now, for `Last-Event-ID`; empty if none was given yet. */
  readonly id: string;
}

/** Reads a stream of server-sent events, piece by piece. */
export interface SseParser {
  /** The messages that this piece of text completes. */
  feed(text: string): readonly SseMessage[];
  /** What the server wants waited before another try, in milliseconds; null if it said nothing. */
  retryMs(): number | null;
}

/**
 * A parser as the HTML standard describes it
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
 * The browser's own EventSource cannot send a header, and does not tell why it was refused.
 */
export const sseParser = (): SseParser => {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let id = '';
  let retry: number | null = null;
  let isFirst = true;

  const fields: Readonly<Record<string, (value: string) => void>> = {
    event: (value) => (event = value),
    data: (value) => data.push(value),
    id: (value) => {
      if (!value.includes('\0')) id = value;
    },
    retry: (value) => {
      if (/^\d+$/.test(value)) retry = Number(value);
    },
  };

  /** The message that an empty line completes. */
  const complete = (): SseMessage[] => {
    const message = { event: event || 'message', data: data.join('\n'), id };
    const isSaid = data.length > 0;
    event = '';
    data = [];
    return isSaid ? [message] : [];
  };

  const line = (text: string): SseMessage[] => {
    if (text === '') return complete();
    const colon = text.indexOf(':');
    const [name, value] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
    if (Object.hasOwn(fields, name)) fields[name]?.(value.startsWith(' ') ? value.slice(1) : value);
    return [];
  };

  return {
    feed: (text) => {
      rest += isFirst && text.startsWith('\uFEFF') ? text.slice(1) : text;
      isFirst &&= text === '';
      // A carriage return at the end may be the first half of a line's end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      return lines.flatMap(line);
    },
    retryMs: () => retry,
  };
};
