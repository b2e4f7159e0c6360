import { answerProblem, problemOf } from '@ensemble/host/problem';
import {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { renderCalendar, renderPdf, type TicketView } from './documents.ts';
import { loadSigningKey, publicPemOf } from './keys.ts';
import { isSigned } from './links.ts';

/** A try later may succeed: seconds until then. */
const retryAfter = 30;
/** PDFs kept in memory, about 50 kB each. */
const keptPdfs = 200;

type Render = (ticket: TicketView) => Promise<Buffer>;
type Folder = { bookingId: string; signature: string };

/** What the documents are made of and with. */
export interface TicketSource {
  /** The ticket of a booking, what became of it, or nothing if there is none. */
  readonly ticketOf: (bookingId: string) => Promise<TicketView | 'revoked' | undefined>;
  readonly keyFile: string;
  /** How a PDF is made; a throw means "not now". */
  readonly render?: Render;
  /** Hears why an answer was 503. */
  readonly onFailure: (error: unknown) => void;
}

/** Why there is no document. */
export const ticketProblems = {
  'ticket.unknown': [404, 'There is no such ticket', 'Use the link in the mail or the booking.'],
  'ticket.revoked': [410, 'The ticket was revoked', 'See the booking for what became of it.'],
  'ticket.not-now': [503, 'Not just now', `Nothing is lost. Try again in ${retryAfter} s.`],
} as const;

const details: Readonly<Record<keyof typeof ticketProblems, string>> = {
  'ticket.unknown': 'The link is not one that was given for a ticket.',
  'ticket.revoked': 'The money went back: the ticket is not valid any more.',
  'ticket.not-now': 'What the document is made of or signed with is away at the moment.',
};

const refuse = (response: Response, code: keyof typeof ticketProblems): void => {
  const problem = problemOf(ticketProblems, code, details[code]);
  if (problem.status === 503) response.set('Retry-After', String(retryAfter));
  answerProblem(response, problem);
};

/** Renders a ticket when it is first asked for; the ones asked for last are kept. */
const remembering = (render: Render, limit: number): Render => {
  const kept = new Map<string, Promise<Buffer>>();
  return async (ticket) => {
    const { ticketId } = ticket;
    const pdf = kept.get(ticketId) ?? render(ticket);
    kept.delete(ticketId);
    kept.set(ticketId, pdf);
    for (const oldest of kept.keys()) {
      if (kept.size <= limit) break;
      kept.delete(oldest);
    }
    pdf.catch(() => kept.delete(ticketId));
    return pdf;
  };
};

/**
 * The routes of tickets: `GET /tickets/:bookingId/:signature/ticket.pdf` and `…/show.ics` for
 * whoever has the link, `GET /keys` for whoever checks codes offline (JWKs, or PEM if asked for).
 */
export const ticketRoutes = ({
  ticketOf,
  keyFile,
  render = renderPdf,
  onFailure,
}: TicketSource): Router => {
  const pdfOf = remembering(render, keptPdfs);

  const document =
    (file: string, type: string, make: (ticket: TicketView) => string | Promise<Buffer>) =>
    async ({ params }: Request<Folder>, response: Response): Promise<void> => {
      const { bookingId, signature } = params;
      const genuine = isSigned(bookingId, signature, loadSigningKey(keyFile));
      const ticket = genuine ? await ticketOf(bookingId) : undefined;
      if (ticket === undefined) return refuse(response, 'ticket.unknown');
      if (ticket === 'revoked') return refuse(response, 'ticket.revoked');
      const body = await make(ticket);
      const name = file.replace('.', `-${ticket.ticketId.slice(0, 8)}.`);
      response
        .set({ 'Content-Type': type, 'Content-Disposition': `inline; filename="${name}"` })
        .send(body);
    };

  const keys = (_request: Request, response: Response): void => {
    const key = loadSigningKey(keyFile);
    const jwk = key.publicKey.export({ format: 'jwk' });
    const published = { ...jwk, kid: key.kid, alg: 'EdDSA', use: 'sig' };
    const jwks = (): Response =>
      response.type('application/jwk-set+json').send(JSON.stringify({ keys: [published] }));
    response.format({
      default: jwks,
      'application/jwk-set+json': jwks,
      'application/x-pem-file': () => response.send(publicPemOf(key)),
    });
  };

  const notNow: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof URIError) return refuse(response, 'ticket.unknown');
    onFailure(error);
    refuse(response, 'ticket.not-now');
  };

  const folder = '/tickets/:bookingId/:signature';
  return Router()
    .use(folder, keepPrivate)
    .get(`${folder}/ticket.pdf`, document('ticket.pdf', 'application/pdf', pdfOf))
    .get(`${folder}/show.ics`, document('show.ics', 'text/calendar; charset=utf-8', renderCalendar))
    .get('/keys', keys)
    .use(notNow);
};

/** The link is all it takes to have the ticket: it is told to nobody and kept by nobody else. */
const keepPrivate: RequestHandler = (_request, response, next) => {
  response.set({
    'Cache-Control': 'private, no-cache',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  next();
};
