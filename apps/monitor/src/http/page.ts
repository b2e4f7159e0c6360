import { join } from 'node:path';
import { buildPage } from '@ensemble/ui/build';
import express, { Router } from 'express';
import helmet from 'helmet';

const root = join(import.meta.dirname, 'page');

/**
 * The folder with the monitor's page, built if it must be: `index.html` for every address of the
 * page, and `assets/` whose names change with their content.
 */
export const builtPage = (): Promise<string> =>
  buildPage({
    name: 'monitor',
    root,
    out: join(import.meta.dirname, '../../../.nx/pages'),
  });

/** What the page may load, and from where: its own files and the API beside it, and nothing else. */
const guards = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
});

/**
 * Serves the page that was built into `folder`. Every path is an address of the page, which says
 * itself when there is nothing: to be used after all other routes.
 */
export const pageRoutes = (folder: string): Router => {
  const routes = Router();
  routes.use(guards);
  routes.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }));
  routes.get('/{*address}', (request, response, next) => {
    if (request.path.startsWith('/assets/') || request.path.startsWith('/api/')) return next();
    response.set('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: folder });
  });
  return routes;
};
