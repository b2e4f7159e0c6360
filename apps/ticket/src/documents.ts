import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ShowDescription } from '@ensemble/contracts';
import ical from 'ical-generator';
import PDFDocument from 'pdfkit';
import { encodeQR } from 'qr';
import { inWords } from './words.ts';

/** What the documents of a ticket show. The name is personal data: it goes nowhere else. */
export interface TicketView {
  readonly bookingId: string;
  readonly ticketId: string;
  readonly customerName: string;
  readonly show: ShowDescription;
  readonly section: string;
  readonly seats: readonly { readonly seat: string; readonly code: string }[];
}

type Pdf = PDFKit.PDFDocument;

// The fonts that PDF readers bring along cannot write "Żółć".
const regular = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const bold = fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'));

/** Lengths in points: an A5 page is 419 wide and 595 high. */
const margin = 36;
const width = 419.53 - 2 * margin;
const qrSize = 250;
const qrTop = 284;
const grey = '#555555';

/** A PDF with a page for each seat: tagged, so that it can be read aloud. */
export const renderPdf = async (ticket: TicketView): Promise<Buffer> => {
  const pdf = new PDFDocument({
    size: 'A5',
    margin,
    font: regular,
    lang: 'en',
    tagged: true,
    pdfVersion: '1.7',
    displayTitle: true,
    autoFirstPage: false,
    info: { Title: `Ticket: ${ticket.show.title}`, Creator: 'Ensemble', Producer: 'Ensemble' },
  });
  const bytes = buffer(pdf);
  const document = pdf.struct('Document');
  pdf.addStructure(document);
  for (const seat of ticket.seats) {
    pdf.addPage();
    document.add(page(pdf, ticket, seat));
  }
  document.end();
  pdf.end();
  return bytes;
};

const page = (
  pdf: Pdf,
  { show, section, customerName, ticketId, bookingId }: TicketView,
  { seat, code }: TicketView['seats'][number],
) => {
  const { title, venue, startsAt } = show;
  const line = (tag: string, size: number, height: number, text: string, face = regular) =>
    pdf.struct(tag, {}, () =>
      pdf.font(face, size).text(text, { width, height, ellipsis: true }).moveDown(0.5),
    );
  const small = (text: string, y: number) =>
    pdf.struct('P', {}, () =>
      pdf.font(regular, 7).fillColor(grey).text(text, margin, y, { width, align: 'center' }),
    );
  return pdf.struct('Sect', { title: `Seat ${seat}` }, [
    line('H1', title.length > 40 ? 15 : 22, 66, title, bold),
    line('P', 11, 40, venue),
    line('P', 11, 16, inWords(startsAt)),
    line('H2', 18, 50, `Seat ${seat}, section ${section}`, bold),
    line('P', 11, 40, customerName),
    pdf.struct('Figure', { alt: `QR code to be shown at the door for seat ${seat}` }, () =>
      drawQr(pdf, code),
    ),
    small(`Ticket ${ticketId}`, qrTop + qrSize + 4),
    small(`Booking ${bookingId}`, qrTop + qrSize + 14),
  ]);
};

/** The code as vectors, with the four modules of quiet around it that scanners ask for. */
const drawQr = (pdf: Pdf, code: string): void => {
  const rows = encodeQR(code, 'raw', { ecc: 'medium', border: 4 });
  const module = qrSize / rows.length;
  const left = margin + (width - qrSize) / 2;
  rows.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (dark) pdf.rect(left + x * module, qrTop + y * module, module, module);
    }),
  );
  pdf.fill('black');
};

/** Long enough for most shows: nobody told us when it ends. */
const defaultDurationMs = 2.5 * 60 * 60 * 1000;

/** The show as an entry for a calendar (.ics, RFC 5545). */
export const renderCalendar = (
  { ticketId, bookingId, show, section, seats }: TicketView,
  { durationMs = defaultDurationMs }: { durationMs?: number } = {},
): string => {
  const start = new Date(show.startsAt);
  const calendar = ical({ prodId: { company: 'Ensemble', product: 'ticket', language: 'EN' } });
  calendar.createEvent({
    id: ticketId,
    start,
    end: new Date(start.getTime() + durationMs),
    summary: show.title,
    location: show.venue,
    description: [
      `Section ${section}, ${seats.map(({ seat }) => seat).join(', ')}`,
      `Booking ${bookingId}`,
    ].join('\n'),
  });
  return calendar.toString();
};
