import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { readMail } from '@ensemble/testing/mail';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { letter } from './letters.ts';
import { type Mail, mailer, MailNotNow } from './mail.ts';
import { qrPng } from './picture.ts';

const id = '0d2f7c1a4b5e6f708192a3b4c5d6e7f8';
const code = `${'x'.repeat(210)}.${'y'.repeat(86)}`;
const toAda: Mail = {
  to: { name: 'Ada Żółć', email: 'ada@example.org' },
  ...letter('ticket', {
    bookingId: '5f0c9a3be2d14c7fa1b7c0d2e3f40516',
    customer: { name: 'Ada Żółć', email: 'ada@example.org' },
    show: { title: 'Zażółć gęślą jaźń', venue: 'Łódź', startsAt: '2027-03-01T19:30:00.000Z' },
    section: 'stalls',
    seats: ['A-12'],
    ticket: {
      code,
      seats: [{ seat: 'A-12', code }],
      links: {
        pdf: 'https://example.org/t/ticket.pdf',
        calendar: 'https://example.org/t/show.ics',
      },
    },
  }),
};
const from = 'Ensemble <tickets@example.org>';

const textOf = (part: Buffer | undefined): string | undefined =>
  part?.toString().replaceAll('\r\n', '\n').trim();

let servers: { close(): unknown }[];
let received: { to: string[]; mail: string }[];
let dataDir: string;
beforeEach(() => {
  servers = [];
  received = [];
  dataDir = mkdtempSync(join(tmpdir(), 'mail-'));
});
afterEach(() => servers.forEach((server) => server.close()));

const listening = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? `smtp://127.0.0.1:${address?.port}` : '';
};

/** A mail server in this process. */
const mailServer = (options: SMTPServerOptions = {}): Promise<string> => {
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    closeTimeout: 0,
    onData: (stream, { envelope }, done) => {
      void buffer(stream).then((bytes) => {
        received.push({
          to: envelope.rcptTo.map(({ address }) => address),
          mail: bytes.toString(),
        });
        done();
      });
    },
    ...options,
  });
  servers.push(server);
  return listening(server.server);
};
const no = (responseCode: number, words: string): Error =>
  Object.assign(new Error(words), { responseCode });

describe('a mail by SMTP', () => {
  it('arrives with every letter of names, in header and body', async () => {
    const smtpUrl = await mailServer();
    const came = await mailer({ smtpUrl, dataDir, from })(toAda, { id });
    expect(came).toEqual({ outcome: 'sent', messageId: `<${id}@ensemble>` });
    expect(received.map(({ to }) => to)).toEqual([['ada@example.org']]);
    const { headers, parts } = readMail(received[0]!.mail);
    expect(headers).toMatchObject({
      'message-id': `<${id}@ensemble>`,
      from,
      to: 'Ada Żółć <ada@example.org>',
      subject: 'Your ticket for Zażółć gęślą jaźń',
      'auto-submitted': 'auto-generated',
    });
    expect(textOf(parts['text/plain'])).toBe(toAda.text.trim());
    expect(textOf(parts['text/html'])).toBe(toAda.html);
  });

  it("shows the ticket's code as a picture in its place", async () => {
    const smtpUrl = await mailServer();
    await mailer({ smtpUrl, dataDir, from })(toAda, { id });
    const { mail } = received[0]!;
    expect(readMail(mail).parts['image/png']).toEqual(qrPng(code));
    expect(mail).toMatch(/^Content-ID: <ticket-code@ensemble>\r$/im);
    expect(mail).toContain('Content-Disposition: inline; filename=ticket.png');
  });

  it('sends no header that somebody wrote into a name', async () => {
    const smtpUrl = await mailServer();
    const name = 'Bob\r\nBcc: eve@example.org';
    const toBob = { ...toAda, to: { name, email: 'bob@example.org' }, subject: name };
    await mailer({ smtpUrl, dataDir, from })(toBob, { id });
    expect(received.map(({ to }) => to)).toEqual([['bob@example.org']]);
    expect(readMail(received[0]!.mail).headers).not.toHaveProperty('bcc');
  });

  it('is refused when the server says no for good, and the reason names nobody', async () => {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _session, done) =>
      done(no(550, `5.1.1 <${address}>: no mailbox ada here, Ada Żółć`));
    const smtpUrl = await mailServer({ onRcptTo });
    expect(await mailer({ smtpUrl, dataDir, from })(toAda, { id })).toEqual({
      outcome: 'refused',
      reason: 'the mail server said 550 5.1.1 to RCPT TO',
    });
  });

  it('is refused when the server does not want its content', async () => {
    const onData: SMTPServerOptions['onData'] = (stream, _session, done) => {
      stream.on('end', () => done(no(554, 'looks like spam'))).resume();
    };
    const smtpUrl = await mailServer({ onData });
    expect(await mailer({ smtpUrl, dataDir, from })(toAda, { id })).toEqual({
      outcome: 'refused',
      reason: 'the mail server said 554 to DATA',
    });
  });

  it.each<[string, SMTPServerOptions, string]>([
    [
      'it says later',
      { onRcptTo: ({ address }, _session, done) => done(no(451, `${address} greylisted`)) },
      'found 451 at RCPT TO',
    ],
    [
      'it does not let our sender in',
      { onMailFrom: ({ address }, _session, done) => done(no(550, `${address} unknown`)) },
      'found 550 at MAIL FROM',
    ],
    [
      'it does not talk to us',
      { onConnect: (_session, done) => done(no(554, 'no')) },
      'found 554 at CONN',
    ],
  ])('waits when %s', async (_when, options, found) => {
    const smtpUrl = await mailServer(options);
    const error = await mailer({ smtpUrl, dataDir, from })(toAda, { id }).catch((it) => it);
    expect(error).toBeInstanceOf(MailNotNow);
    expect(error.message).toContain(found);
    expect(JSON.stringify([error.message, error.cause])).not.toContain('example.org');
  });

  it('waits when the server is away', async () => {
    const server = createServer();
    const smtpUrl = await listening(server);
    server.close();
    await once(server, 'close');
    await expect(mailer({ smtpUrl, dataDir, from })(toAda, { id })).rejects.toThrow(
      'found ESOCKET at CONN; check the server and SMTP_URL',
    );
  });

  it('waits, and not for ever, when the server keeps silent', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    servers.push(silent, { close: () => sockets.forEach((socket) => socket.destroy()) });
    const send = mailer({ smtpUrl: await listening(silent), dataDir, from, timeoutMs: 50 });
    await expect(send(toAda, { id })).rejects.toThrow('found ETIMEDOUT at CONN');
  });
});

describe('a mail without a server', () => {
  it('is a file that mail programs open, one though it is written twice', async () => {
    const send = mailer({ dataDir, from });
    const came = { outcome: 'sent', messageId: `<${id}@ensemble>` };
    expect([await send(toAda, { id }), await send(toAda, { id })]).toEqual([came, came]);
    expect(readdirSync(join(dataDir, 'mails'))).toEqual([`${id}.eml`]);
    const { headers, parts } = readMail(readFileSync(join(dataDir, 'mails', `${id}.eml`), 'utf8'));
    expect(headers).toMatchObject({
      'message-id': `<${id}@ensemble>`,
      to: 'Ada Żółć <ada@example.org>',
      subject: 'Your ticket for Zażółć gęślą jaźń',
    });
    expect(textOf(parts['text/plain'])).toBe(toAda.text.trim());
  });

  it('waits when its folder cannot be written, and leaves nothing half done', async () => {
    writeFileSync(join(dataDir, 'mails'), 'not a folder');
    await expect(mailer({ dataDir, from })(toAda, { id })).rejects.toThrow(MailNotNow);
    expect(readdirSync(dataDir)).toEqual(['mails']);
  });
});
