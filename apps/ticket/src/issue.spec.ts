import { mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { events } from '@ensemble/contracts';
import { ticketIdOf, verifyCode } from './code.ts';
import { issueTicket } from './issue.ts';
import { loadSigningKey, makeSigningKey } from './keys.ts';

const keyFile = join(mkdtempSync(join(tmpdir(), 'ticket-')), 'key.pem');
const issue = issueTicket({ keyFile, publicUrl: 'https://tickets.example.org/' });
const ofAda = {
  bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
  showId: 'hamlet',
  section: 'stalls',
  show: { title: 'Hamlet', venue: 'Globe', startsAt: '2027-03-01T19:30:00.000Z' },
  seats: ['A-12', 'A-13'],
};

beforeAll(() => makeSigningKey(keyFile));

describe('issuing a ticket', () => {
  it('signs one code for the booking and one for each seat', async () => {
    const { ticketId, code, seats, links } = await issue(ofAda);
    const { publicKey } = loadSigningKey(keyFile);
    const seatsIn = (text: string) => {
      const verdict = verifyCode(text, [publicKey]);
      return verdict.ok && verdict.payload.s;
    };
    expect(ticketId).toBe(ticketIdOf(ofAda.bookingId));
    expect(seatsIn(code)).toEqual(['A-12', 'A-13']);
    expect(seats.map((each) => [each.seat, seatsIn(each.code)])).toEqual([
      ['A-12', 'A-12'],
      ['A-13', 'A-13'],
    ]);
    const folder = `https://tickets.example.org/tickets/${ofAda.bookingId}/`;
    expect(links.pdf).toMatch(new RegExp(`^${folder}[\\w-]{22}/ticket\\.pdf$`));
    expect(links.calendar).toMatch(new RegExp(`^${folder}[\\w-]{22}/show\\.ics$`));
  });

  it('says what ticket.generated can say', async () => {
    const { bookingId, showId, section } = ofAda;
    const said = { bookingId, showId, section, ...(await issue(ofAda)) };
    expect(events['ticket.generated'].schema.parse(said)).toEqual(said);
  });

  it('issues the same bytes when it is repeated', async () => {
    expect(await issue(ofAda)).toEqual(await issue(ofAda));
  });

  it('fails while the key is away and issues the same once it is back', async () => {
    const before = await issue(ofAda);
    renameSync(keyFile, `${keyFile}.away`);
    await expect(issue(ofAda)).rejects.toMatchObject({
      message: 'key-away',
      cause: { code: 'ticket.key-away' },
    });
    renameSync(`${keyFile}.away`, keyFile);
    expect(await issue(ofAda)).toEqual(before);
  });
});
