import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { link, rename, rm, writeFile } from 'node:fs/promises';

/** The public half of an Ed25519 key. */
export type PublicKey = KeyObject;

/** What tickets and the links to their documents are signed with. */
export interface SigningKey {
  /** Names the key in the codes it signed. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
  /** Derived from the private key: signs the links. */
  readonly linkSecret: KeyObject;
}

/**
 * The signing key cannot be had just now; what needs it works again once it is back. The message
 * is the operator's, the reason anybody's.
 */
export class KeyAway extends Error {
  readonly code = 'ticket.key-away';
  readonly reason = 'key-away';
  override readonly name = 'KeyAway';
  readonly file: string;

  constructor(file: string, found: string, cause?: unknown) {
    super(
      `the signing key is away: expected an Ed25519 private key (PEM, PKCS #8), found ${found}; ` +
        'put it back where TICKET_KEY_FILE says',
      { cause },
    );
    this.file = file;
  }
}

/** A key's name: the first 48 bits of its JWK thumbprint (RFC 7638). */
export const keyIdOf = (key: PublicKey): string => {
  const { crv, kty, x } = key.export({ format: 'jwk' });
  return createHash('sha256')
    .update(JSON.stringify({ crv, kty, x }))
    .digest('base64url')
    .slice(0, 8);
};

/** The public half as it is published and kept beside the private one. */
export const publicPemOf = ({ publicKey }: SigningKey): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();

const keyOf = (privateKey: KeyObject): SigningKey => {
  const publicKey = createPublicKey(privateKey);
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' });
  return {
    kid: keyIdOf(publicKey),
    privateKey,
    publicKey,
    linkSecret: createSecretKey(
      Buffer.from(hkdfSync('sha256', secret, '', 'ensemble ticket links', 32)),
    ),
  };
};

const orAway = <Value>(file: string, found: string, read: () => Value): Value => {
  try {
    return read();
  } catch (cause) {
    throw new KeyAway(file, found, cause);
  }
};

const readKey = (file: string): SigningKey => {
  const pem = orAway(file, 'nothing that can be read', () => readFileSync(file));
  const key = orAway(file, 'something else', () => createPrivateKey(pem));
  const type = key.asymmetricKeyType;
  if (type !== 'ed25519') throw new KeyAway(file, `a key of type ${type}`);
  return keyOf(key);
};

const cache = new Map<string, { readonly stamp: string; readonly key: SigningKey }>();

/**
 * The key in a file. The file is looked at every time, so that a key that was taken away is an
 * error now and one that was put back works; it is read again when it changed. Synchronous: asking
 * the file system for a stamp takes 2 µs, handing the question to a thread many times that.
 * @throws {@link KeyAway}
 */
export const loadSigningKey = (file: string): SigningKey => {
  const { ino, mtimeMs, size } = orAway(file, 'no such file', () => statSync(file));
  const stamp = `${ino} ${mtimeMs} ${size}`;
  const known = cache.get(file);
  if (known?.stamp === stamp) return known.key;
  const key = readKey(file);
  cache.set(file, { stamp, key });
  return key;
};

/**
 * The key in a file, made if there is no such file, with its public half in `<file>.pub`
 * (beside one that was given only if that can be written). The directory has to be there. Of many makers one wins and all have its key; nobody ever sees half of
 * one.
 * @throws {@link KeyAway} when something else stands there
 */
export const makeSigningKey = async (file: string): Promise<SigningKey> => {
  const isGiven = existsSync(file);
  if (!isGiven) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await placed(file, pem, 0o600, (temporary) => link(temporary, file).catch(unlessThere));
  }
  const key = loadSigningKey(file);
  await publish(key, file, isGiven);
  return key;
};

const publish = async (key: SigningKey, file: string, isGiven: boolean): Promise<void> => {
  const published = `${file}.pub`;
  try {
    await placed(published, publicPemOf(key), 0o644, (temporary) => rename(temporary, published));
  } catch (error) {
    // A key that was given may lie where nobody can write; who gave it has its public half.
    if (!isGiven) throw error;
  }
};

/** Writes a file beside its place and has it put there whole. */
const placed = async (
  file: string,
  content: string | Buffer,
  mode: number,
  place: (temporary: string) => Promise<void>,
): Promise<void> => {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { mode, flag: 'wx', flush: true });
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
};

/** Somebody else was first: theirs counts. */
const unlessThere = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error;
};
