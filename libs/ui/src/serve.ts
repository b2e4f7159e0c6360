import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import type { Route } from './route.ts';

/** What a page may load, and from where: its own files and the API beside it, and nothing else. */
const guards = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'self'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
});

/**
 * The way from a path back to where the page begins. It is told relatively, for a proxy may serve
 * the page under a prefix that nobody here knows.
 */
export const wayToRoot = (path: string): string => '../'.repeat(path.split('/').length - 2) || './';

const packedTypes = new Set(['.js', '.css', '.svg']);

/** Files that never change, packed once for all who can unpack them: a third of the way. */
const immutableFiles = async (folder: string): Promise<RequestHandler> => {
  const names = (await readdir(folder)).filter((name) => packedTypes.has(extname(name)));
  const pack = async (name: string): Promise<Buffer> =>
    promisify(gzip)(await readFile(join(folder, name)));
  const packed = new Map<string, Buffer>(
    await Promise.all(names.map(async (name) => [`/${name}`, await pack(name)] as const)),
  );
  const plain = express.static(folder, { immutable: true, maxAge: '1y' });
  return (request, response, next) => {
    response.vary('Accept-Encoding');
    const body = packed.get(request.path);
    const isWanted = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
    if (body === undefined || !isWanted) return plain(request, response, next);
    response
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .set('Content-Encoding', 'gzip')
      .type(extname(request.path))
      .send(body);
  };
};

/**
 * Serves a page from the folder that it is built into; who asks before it is there waits. What is at
 * none of its addresses the page itself calls nothing, to people: programs are passed on. To be used
 * after all other routes.
 */
export const pageRoutes = (
  built: Promise<string>,
  addresses: readonly Pick<Route<string>, 'match'>[],
): Router => {
  const served = built.then(async (folder) => ({
    html: await readFile(join(folder, 'index.html'), 'utf8'),
    assets: await immutableFiles(join(folder, 'assets')),
  }));
  // Whoever asks for the page is told; whoever builds it knows.
  served.catch(() => undefined);
  return Router()
    .use('/assets', guards, async (request, response, next) =>
      (await served).assets(request, response, next),
    )
    .get('/{*address}', guards, async (request, response, next) => {
      const { path } = request;
      const isAddress = addresses.some((each) => each.match(path) !== undefined);
      const isPerson = request.accepts(['json', 'html']) === 'html';
      if (path.startsWith('/assets/') || !(isAddress || isPerson)) return next();
      const { html } = await served;
      response
        .status(isAddress ? 200 : 404)
        .set('Cache-Control', 'no-cache')
        .vary('Accept')
        .type('html')
        .send(html.replace('<head>', `<head><base href="${wayToRoot(path)}">`));
    });
};
