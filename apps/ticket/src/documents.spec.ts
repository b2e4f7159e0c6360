import { pdfContents, pdfPages } from '@ensemble/testing/pdf';
import { describe, expect, it } from '@jest/globals';
import { decodeQR } from 'qr/decode.js';
import { renderCalendar, renderPdf, type TicketView } from './documents.ts';

const ofAda: TicketView = {
  bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  ticketId: '0d2f7c1a4b5e6f708192a3b4c5d6e7f8',
  customerName: 'Ada Żółć',
  show: {
    title: 'Król Lear',
    venue: 'Teatr, Łódź; Mała scena',
    startsAt: '2027-03-01T19:30:00.000Z',
  },
  section: 'stalls',
  seats: ['A-12', 'A-13'].map((seat) => ({
    seat,
    code: `${'x'.repeat(210)}-${seat}.${'y'.repeat(86)}`,
  })),
};

/** What a phone reads in the QR code that is drawn on a page, two pixels for each module. */
const scan = (content: string): string => {
  const squares = [...content.matchAll(/^([\d.]+) ([\d.]+) ([\d.]+) [\d.]+ re$/gm)].map(
    ([, x, y, size]) => ({ x: Number(x), y: Number(y), size: Number(size) }),
  );
  const left = Math.min(...squares.map(({ x }) => x));
  const top = Math.min(...squares.map(({ y }) => y));
  const modules = squares.map(({ x, y, size }) => [(x - left) / size + 4, (y - top) / size + 4]);
  const width = 2 * (Math.max(...modules.map(([x]) => Math.round(x!))) + 5);
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [x, y] of modules) {
    for (const [right, down] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      const pixel = (2 * Math.round(y!) + down) * width + 2 * Math.round(x!) + right;
      data.fill(0, pixel * 4, pixel * 4 + 3);
    }
  }
  return decodeQR({ width, height: width, data });
};

describe('the PDF of a ticket', () => {
  it('has a page for each seat, with every letter of the names', async () => {
    const page = (seat: string): string[] => [
      'Król Lear',
      'Teatr, Łódź; Mała scena',
      'Monday, 1 March 2027 at 19:30 UTC',
      `Seat ${seat}, section stalls`,
      'Ada Żółć',
      `Ticket ${ofAda.ticketId}`,
      `Booking ${ofAda.bookingId}`,
    ];
    expect(pdfPages(await renderPdf(ofAda))).toEqual([page('A-12'), page('A-13')]);
  });

  it("bears each seat's code as a QR that can be read", async () => {
    const codes = pdfContents(await renderPdf(ofAda)).map(scan);
    expect(codes).toEqual(ofAda.seats.map(({ code }) => code));
  });

  it('can be read aloud: tagged, in English, the QR described', async () => {
    const pdf = (await renderPdf(ofAda)).toString('latin1');
    expect(pdf).toContain('/Marked true');
    expect(pdf).toContain('/Lang (en)');
    expect(pdf).toContain('/DisplayDocTitle true');
    expect(pdf).toContain('/Alt (QR code to be shown at the door for seat A-13)');
  });

  it('keeps to its pages however long the names are', async () => {
    const long = {
      ...ofAda,
      show: { ...ofAda.show, title: 'W'.repeat(120), venue: 'W '.repeat(60) },
      customerName: 'W'.repeat(120),
      section: 'w'.repeat(40),
    };
    expect(pdfPages(await renderPdf(long))).toHaveLength(2);
  });
});

describe('the calendar entry of a ticket', () => {
  it('says when and where, two and a half hours long', () => {
    const lines = renderCalendar(ofAda).replaceAll('\r\n ', '').split('\r\n');
    expect(lines.filter((line) => !line.startsWith('DTSTAMP'))).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Ensemble//ticket//EN',
      'BEGIN:VEVENT',
      `UID:${ofAda.ticketId}`,
      'SEQUENCE:0',
      'DTSTART:20270301T193000Z',
      'DTEND:20270301T220000Z',
      'SUMMARY:Król Lear',
      'LOCATION:Teatr\\, Łódź\\; Mała scena',
      `DESCRIPTION:Section stalls\\, A-12\\, A-13\\nBooking ${ofAda.bookingId}`,
      'END:VEVENT',
      'END:VCALENDAR',
    ]);
  });

  it('breaks its lines as RFC 5545 has it: CRLF, at most 75 bytes', () => {
    const title = 'Żółć '.repeat(24).trim();
    const text = renderCalendar({ ...ofAda, show: { ...ofAda.show, title } });
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(76);
    expect(text.replaceAll('\r\n ', '')).toContain(`SUMMARY:${title}`);
  });

  it('takes another duration', () => {
    expect(renderCalendar(ofAda, { durationMs: 3_600_000 })).toContain('DTEND:20270301T203000Z');
  });
});
