/** A letter as it is sent: both forms say the same. */
export type Letter = {
  subject: string;
  text: string;
  html: string;
  /** What the picture that the html shows as `cid:<cid>` is to be a QR code of. */
  qr: { cid: string; code: string } | null;
};

/** A part of a letter: a paragraph, or something that looks different in text and html. */
export type Block =
  | string
  | { readonly link: string; readonly says: string }
  | { readonly facts: Readonly<Record<string, string>> }
  | { readonly code: string; readonly alt: string };

const cid = 'ticket-code@ensemble';

/** Writes a letter as plain text and as html; what it says is escaped here and nowhere else. */
export const write = ({
  subject,
  blocks,
}: {
  subject: string;
  blocks: readonly Block[];
}): Letter => {
  const [shown] = blocks.flatMap((block) =>
    typeof block === 'object' && 'code' in block ? [block.code] : [],
  );
  return {
    subject,
    text: `${blocks.map(inText).join('\n\n')}\n`,
    html:
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(subject)}</title>` +
      `<body style="font-family:sans-serif;line-height:1.5">${blocks.map(inHtml).join('')}</body>` +
      '</html>',
    qr: shown === undefined ? null : { cid, code: shown },
  };
};

const inText = (block: Block): string => {
  if (typeof block === 'string') return block;
  if ('link' in block) return `${block.says}:\n${block.link}`;
  if ('code' in block) return block.code;
  return Object.entries(block.facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
};

const inHtml = (block: Block): string => {
  if (typeof block === 'string') return `<p>${escape(block)}</p>`;
  if ('link' in block) return `<p><a href="${escape(block.link)}">${escape(block.says)}</a></p>`;
  if ('code' in block) {
    return `<p><img src="cid:${cid}" alt="${escape(block.alt)}"></p>`;
  }
  const rows = Object.entries(block.facts).map(
    ([name, value]) =>
      `<tr><th scope="row" align="left">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<table cellpadding="4">${rows.join('')}</table>`;
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
