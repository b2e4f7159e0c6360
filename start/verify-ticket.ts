/**
 * Checks a ticket's code offline: `npm run verify-ticket -- <code> [--key <file>]`. Exit code 0:
 * signed; 1: not; 2: it could not be checked.
 */
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { CannotStart, readConfig, runCommand } from '@ensemble/host';
import { verifyTicket } from '@ensemble/ticket/open';

const usage = 'usage: npm run verify-ticket -- <code> [--key <file with the public key, PEM>]';

const argumentsOf = (argv: readonly string[]) => {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { key: { type: 'string' } },
    });
    const [code, ...rest] = positionals;
    if (code === undefined || rest.length > 0) throw new Error('expected one code');
    return { code, key: values.key };
  } catch (cause) {
    throw new CannotStart(`${cause instanceof Error ? cause.message : ''}\n${usage}`, { cause });
  }
};

const keyIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CannotStart(
      `expected the public key in ${file}, found nothing that can be read: GET /keys of the ticket ` +
        'server has it, --key names its file',
      { cause },
    );
  }
};

await runCommand(async () => {
  const { code, key } = argumentsOf(process.argv.slice(2));
  const { TICKET_KEY_FILE: file } = readConfig(process.env);
  const published = `${file}.pub`;
  // The public half follows from the private one too.
  const { lines, exitCode } = verifyTicket(
    code,
    keyIn(key ?? (existsSync(published) ? published : file)),
  );
  console.log(lines.join('\n'));
  process.exitCode = exitCode;
});
