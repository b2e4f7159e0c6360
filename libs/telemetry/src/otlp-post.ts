import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { OtlpSettings } from './otlp-settings.ts';

const compressed = promisify(gzip);
/** OTLP's own list of answers after which the same may be sent again. */
const passing = new Set([429, 502, 503, 504]);
const firstWaitMs = 500;

/** Sends bodies to a collector, one connection for all. */
export interface Posting {
  /** Resolves to whether the collector took it, in time. Never rejects. */
  post(body: Buffer): Promise<boolean>;
  /** Gives up what is under way. */
  end(): void;
}

/** @param contentType of the bodies */
export const posting = (
  { url, headers, isCompressed, timeoutMs }: OtlpSettings,
  contentType: string,
): Posting => {
  const { request: begin, Agent } = url.startsWith('https:') ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ending = new AbortController();

  /** The status of the answer; 503 if there is none. */
  const send = async (body: Buffer, signal: AbortSignal): Promise<number> => {
    let request: http.ClientRequest | undefined;
    try {
      request = begin(url, {
        method: 'POST',
        agent,
        signal,
        headers: {
          ...headers,
          'content-type': contentType,
          'content-length': body.length,
          ...(isCompressed && { 'content-encoding': 'gzip' }),
        },
      });
      request.end(body);
      const [response] = (await once(request, 'response', { signal })) as [http.IncomingMessage];
      response.resume();
      await once(response, 'end', { signal });
      return response.statusCode ?? 503;
    } catch {
      // Whatever it was, an address that is none too: it costs spans, which are counted, and nothing else.
      request?.destroy();
      return 503;
    }
  };

  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      signal.addEventListener('abort', over);
    });

  return {
    post: async (body) => {
      const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(timeoutMs)]);
      const sent = isCompressed ? await compressed(body) : body;
      for (let waitMs = firstWaitMs; !signal.aborted; waitMs *= 2) {
        const status = await send(sent, signal);
        if (status >= 200 && status < 300) return true;
        if (!passing.has(status)) return false;
        await pause(waitMs * (0.5 + Math.random()), signal);
      }
      return false;
    },
    end: () => {
      ending.abort();
      agent.destroy();
    },
  };
};
