import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cannotUse } from './cannot-start.ts';

/**
 * What a command of this machine's user shows to the running system. Made once, readable by this
 * user alone.
 */
export const controlToken = (dir: string): string => {
  const path = join(dir, 'control-token');
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotUse(path, error);
  }
  const token = readFileSync(path, 'utf8').trim();
  if (token === '') throw cannotUse(path, 'it is empty; remove it and another one is made');
  return token;
};
