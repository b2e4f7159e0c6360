import { UnexpectedAnswer } from '@ensemble/start/box-office';
import { until } from '@ensemble/start/until';

/** So long nobody waits who can still hope, in milliseconds. */
const limitMs = 60_000;

/** Does the same again as long as nobody answers, or the answer is: not now. */
export const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  let last: unknown = 'nothing';
  const { result } = await until(
    () => `an answer; found ${String(last)}`,
    async () => {
      try {
        return { result: await work() };
      } catch (error) {
        if (error instanceof UnexpectedAnswer && error.status !== 503) throw error;
        last = error;
        return undefined;
      }
    },
    limitMs,
  );
  return result;
};
