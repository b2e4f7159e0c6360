import { join } from 'node:path';
import { buildPage } from '@ensemble/ui/build';
import { pageRoutes } from '@ensemble/ui/serve';
import type { Router } from 'express';
import { addresses } from './page/addresses.ts';

/** The folder with the page of the doors, built if it must be. */
export const builtPage = (): Promise<string> =>
  buildPage({
    name: 'door',
    root: join(import.meta.dirname, 'page'),
    out: join(import.meta.dirname, '../../../.nx/pages'),
  });

/** Serves the page from the folder that it is built into: to be used after all other routes. */
export const doorPage = (built: Promise<string>): Router =>
  pageRoutes(built, Object.values(addresses));
