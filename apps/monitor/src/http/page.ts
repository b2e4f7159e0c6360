import { join } from 'node:path';
import { buildPage } from '@ensemble/ui/build';
import { pageRoutes } from '@ensemble/ui/serve';
import type { Router } from 'express';
import { addresses } from '../page/addresses.ts';

const root = join(import.meta.dirname, '../page');

/** The folder with the monitor's page, built if it must be. */
export const builtPage = (): Promise<string> =>
  buildPage({
    name: 'monitor',
    root,
    out: join(import.meta.dirname, '../../../../.nx/pages'),
  });

/** Serves the page from the folder that it is built into: to be used after all other routes. */
export const monitorPage = (built: Promise<string>): Router =>
  pageRoutes(built, Object.values(addresses));
