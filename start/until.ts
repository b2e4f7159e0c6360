import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer, something else than `undefined` and `false`.
 * @param what what is waited for, in words
 * @throws if there is none within `limitMs` milliseconds
 */
export const until = async <Answer>(
  what: string | (() => string),
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  limitMs = 20_000,
): Promise<Answer> => {
  const deadline = performance.now() + limitMs;
  for (let waitMs = 20; ; waitMs = Math.min(250, waitMs * 1.5)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      const words = typeof what === 'string' ? what : what();
      throw new Error(`expected within ${limitMs / 1000} s: ${words}`);
    }
    await pause(waitMs);
  }
};
