import { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import absolutePath from 'swagger-ui-dist/absolute-path.js';
import { onlyFor } from '@ensemble/host/edge';
import { openApi } from './openapi.ts';

/** Only what comes from here is run; the page's own script is a file, so none is inline. */
const policy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
  },
});

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Ensemble: the API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <main id="api"></main>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/begin.js"></script>
  </body>
</html>
`;

const begin = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  requestSnippetsEnabled: true,
});
`;

const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const sendFile =
  (file: string): RequestHandler =>
  (_request, response, next) =>
    response.sendFile(
      file,
      { root: absolutePath(), maxAge: '1d' },
      (error) => error && next(error),
    );

/** The description of the API, and a page to try it, which needs nothing from outside. */
export const docsRoutes = (publicUrl?: string): Router => {
  const description = openApi(publicUrl);
  const router = Router();
  router
    .route('/api/openapi.json')
    .get((_request, response) => void response.type('application/json').send(description))
    .all(onlyFor('GET'));
  router.use('/docs', policy);
  router.get('/docs', (_request, response) => void response.type('html').send(page));
  router.get('/docs/begin.js', (_request, response) => void response.type('js').send(begin));
  for (const file of files) router.get(`/docs/${file}`, sendFile(file));
  return router;
};
