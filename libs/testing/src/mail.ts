/** A mail as its reader has it: headers decoded, the leaves of its tree by content type. */
export interface ReadMail {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, Buffer>>;
}

/** A header's or a part's bytes as they were meant (RFC 2045, RFC 2047). */
const decode = (encoding: string, text: string): Buffer => {
  if (/^b/i.test(encoding)) return Buffer.from(text, 'base64');
  if (!/^q/i.test(encoding)) return Buffer.from(text);
  const joined = text.replaceAll('=\r\n', '');
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
};

const words = (value: string): string =>
  value
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, encoding: string, text: string) =>
      decode(encoding, text.replaceAll('_', ' ')).toString(),
    );

const headersOf = (part: string): Record<string, string> => {
  const [head = ''] = part.split('\r\n\r\n', 1);
  const lines = head.replace(/\r\n\s+/g, ' ').split('\r\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trimStart()];
    }),
  );
};

const leaves = (part: string): [type: string, body: Buffer][] => {
  const headers = headersOf(part);
  const body = part.slice(part.indexOf('\r\n\r\n') + 4);
  const contentType = headers['content-type'] ?? 'text/plain';
  const [type = ''] = contentType.split(';');
  const boundary = /boundary="([^"]+)"/.exec(contentType)?.[1];
  if (boundary === undefined) {
    return [[type, decode(headers['content-transfer-encoding'] ?? '7bit', body)]];
  }
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return parts.flatMap((each) => leaves(each.slice('\r\n'.length)));
};

/** Reads a mail as it was sent. */
export const readMail = (mail: string): ReadMail => {
  const headers = Object.entries(headersOf(mail)).map(([name, value]) => [name, words(value)]);
  return { headers: Object.fromEntries(headers), parts: Object.fromEntries(leaves(mail)) };
};
