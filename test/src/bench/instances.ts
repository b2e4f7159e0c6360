import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { type Maker, openHouse } from './house.ts';
import type { Where } from './on-servers.ts';

const instance = join(import.meta.dirname, 'instance.ts');

/** The gateway here, and the four services so many times, each time in a process of its own. */
export const instances = async (count: number, where: Where): Promise<Maker> => {
  const children: ChildProcess[] = [];
  for (let n = 0; n < count; n += 1) {
    const child = fork(instance, {
      execArgv: process.execArgv,
      env: { PATH: process.env['PATH'], ...where },
    });
    await once(child, 'message');
    children.push(child);
  }
  const house = await openHouse({ where, share: 'gateway' });
  return {
    ...house,
    close: async () => {
      await house.close();
      const ended = children.map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGTERM');
      await Promise.all(ended);
    },
  };
};
