import { join } from 'node:path';
import { buildPage } from '@ensemble/ui/build';
import express, { Router } from 'express';
import helmet from 'helmet';

const root = join(import.meta.dirname, '../page');

/**
 * The folder with the monitor's page, built if it must be: `index.html` for every address of the
 * page, and `assets/` whose names change with their content.
 */
export const builtPage = (): Promise<string> =>
  buildPage({
    name: 'monitor',
    root,
    out: join(import.meta.dirname, '../../../../.nx/pages'),
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
 * Serves the page from the folder that it is built into; who asks before it is there waits. Every
 * path is an address of the page, which says itself when there is nothing: to be used after all
 * other routes.
 */
export const pageRoutes = (built: Promise<string>): Router => {
  const served = built.then((folder) => ({
    folder,
    assets: express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y' }),
  }));
  // Whoever asks for the page is told; whoever builds it knows.
  served.catch(() => undefined);
  return Router()
    .use('/assets', guards, async (request, response, next) =>
      (await served).assets(request, response, next),
    )
    .get('/{*address}', guards, async (request, response, next) => {
      if (request.path.startsWith('/assets/')) return next();
      response.set('Cache-Control', 'no-cache');
      response.sendFile('index.html', { root: (await served).folder });
    });
};
