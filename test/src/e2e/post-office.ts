import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type ReadMail, readMail } from '@ensemble/testing/mail';
import { freePorts, host } from '@ensemble/testing/servers';
import { SMTPServer } from 'smtp-server';

/** A mail server in this process, closed at first. It knows nobody called Nobody. */
export interface PostOffice {
  readonly url: string;
  open(): Promise<void>;
  /** What it has taken in. */
  mails(): readonly ReadMail[];
  close(): void;
}

export const postOffice = async (): Promise<PostOffice> => {
  const [port = 0] = await freePorts(1);
  const mails: ReadMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    closeTimeout: 0,
    onRcptTo: ({ address }, _session, done) =>
      done(
        address.startsWith('nobody@')
          ? Object.assign(new Error('no such mailbox'), { responseCode: 550 })
          : null,
      ),
    onData: (stream, _session, done) => {
      text(stream).then((mail) => {
        mails.push(readMail(mail));
        done();
      }, done);
    },
  });
  return {
    url: `smtp://${host}:${port}`,
    open: async () => {
      server.listen(port, host);
      await once(server.server, 'listening');
    },
    mails: () => mails,
    close: () => {
      server.close();
    },
  };
};
