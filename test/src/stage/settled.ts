import type { Stage } from '@ensemble/testing/stage';

/** Lets the world run until a promise is settled and everything rests. */
export const settled = async <Result>(stage: Stage, promise: Promise<Result>): Promise<Result> => {
  let isSettled = false;
  void promise.finally(() => {
    isSettled = true;
  });
  await stage.calm(() => isSettled);
  return promise;
};
