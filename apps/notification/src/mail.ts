import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import type { Customer } from '@ensemble/contracts';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import type { Letter } from './letter.ts';
import { qrPng } from './picture.ts';

/** A letter and who gets it. Holds personal data. */
export type Mail = Letter & { to: Customer };
/** What came of a mail: handed over, or a definite no. */
export type Mailed =
  | { outcome: 'sent'; messageId: string }
  /** The reason holds no personal data: servers quote addresses, so none of their words are kept. */
  | { outcome: 'refused'; reason: string };

/**
 * The mail could not be handed over just now; another try may succeed. The message is fit for an
 * event: short, without paths and personal data.
 */
export class MailNotNow extends Error {
  readonly code = 'notification.mail-not-now';
  override readonly name = 'MailNotNow';
}

type Message = SendMailOptions & { messageId: string };
type Deliver = (message: Message, id: string) => Promise<Mailed>;

/**
 * Sends mails: to the SMTP server if there is one, else as `<dataDir>/mails/<id>.eml`. The
 * Message-ID follows from the to-do's id, so that a repeat after a crash is known as one. Throws
 * {@link MailNotNow} for what may pass: server away, 4xx, a configuration it does not accept.
 * @param timeoutMs how long the server may keep silent before it counts as away
 */
export const mailer = ({
  smtpUrl,
  dataDir,
  from,
  timeoutMs = 10_000,
}: {
  smtpUrl?: string | undefined;
  dataDir: string;
  /** The sender: `Ensemble <tickets@example.org>`. */
  from: string;
  timeoutMs?: number;
}): ((mail: Mail, todo: { readonly id: string }) => Promise<Mailed>) => {
  const deliver =
    smtpUrl === undefined ? intoFolder(join(dataDir, 'mails')) : bySmtp(smtpUrl, timeoutMs);
  return (mail, { id }) => deliver(messageOf(mail, from, id), id);
};

const messageOf = ({ to, subject, text, html, qr }: Mail, from: string, id: string): Message => ({
  messageId: `<${id}@ensemble>`,
  from,
  to: { name: to.name, address: to.email },
  subject,
  text,
  html,
  headers: { 'Auto-Submitted': 'auto-generated' },
  attachments: qr === null ? [] : [pictureOf(qr)],
  // What a customer wrote is never a path or an address to be fetched.
  disableFileAccess: true,
  disableUrlAccess: true,
});

const pictureOf = ({ cid, code }: { cid: string; code: string }) => ({
  cid,
  filename: 'ticket.png',
  contentType: 'image/png',
  contentDisposition: 'inline' as const,
  content: qrPng(code),
});

const bySmtp = (url: string, timeoutMs: number): Deliver => {
  const transport = createTransport({
    url,
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  return async (message) => {
    try {
      await transport.sendMail(message);
      return { outcome: 'sent', messageId: message.messageId };
    } catch (error) {
      return refusalOrThrow(error);
    }
  };
};

/**
 * A definite no to this mail is an answer; one to how we present ourselves (greeting, login,
 * sender) is for the operator to mend, and the mail waits.
 */
const refusalOrThrow = (error: unknown): Mailed => {
  const { code, command, response, permanent } = errorSchema.parse(error);
  const [found = code] = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?/.exec(response) ?? [];
  if (permanent && (command === 'RCPT TO' || command === 'DATA')) {
    return { outcome: 'refused', reason: `the mail server said ${found} to ${command}` };
  }
  throw new MailNotNow(
    `expected the mail server to take the mail, found ${found} at ${command}; ` +
      'check the server and SMTP_URL',
    // The error itself quotes the address; this much of it does not.
    { cause: { code, command } },
  );
};

/** What nodemailer says of an error, beside words that may hold an address. */
const errorSchema = z.object({
  code: z.string().default('unknown'),
  command: z.string().default('CONN'),
  response: z.string().default(''),
  permanent: z.boolean().default(false),
});

const intoFolder = (folder: string): Deliver => {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return async (message, id) => {
    const { message: bytes } = await transport.sendMail({ ...message, baseBoundary: id });
    try {
      await mkdir(folder, { recursive: true });
      await replace(join(folder, `${id}.eml`), bytes);
    } catch (cause) {
      throw new MailNotNow(
        'expected to write a mail into the data directory, found that it cannot be done; ' +
          'make room or give the right to write',
        { cause },
      );
    }
    return { outcome: 'sent', messageId: message.messageId };
  };
};

/** Writes a file whole or not at all. */
const replace = async (file: string, bytes: Buffer | Readable): Promise<void> => {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, bytes, { flush: true });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
};
