import { spawn, spawnSync } from 'node:child_process';
import { cpSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { freePorts } from '@ensemble/testing/servers';
import type { Child } from '../entries.ts';
import { type Instruction, readContext, readImage, root, type Stage } from './reading.ts';

/**
 * What the Dockerfile makes, in a directory that stands for the file system: its instructions are
 * obeyed as they stand, but by this machine's programs.
 */
export interface Image {
  /** Where a path of the image is on this machine. */
  at(path: string): string;
  /** Starts a process of the image, by default its entry point with these arguments. */
  run(
    args: readonly string[],
    options: { env: Readonly<Record<string, string>>; entrypoint?: readonly string[] },
  ): Child;
  /** The command that says whether a container is ready. */
  readonly healthcheck: readonly string[];
}

/** Who the image's user is; without root's rights, whoever we are. */
const user = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

/** By what npm reaches its registry from this machine. */
const network = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|NO)_PROXY|npm_config_registry)$/i.test(
      name,
    ),
  ),
);

/** Builds the image in an empty directory that everybody may pass. */
export const buildImage = async (dir: string): Promise<Image> => {
  const [stages, context] = await Promise.all([readImage(), readContext()]);
  // Other containers have their own.
  const [port] = await freePorts(1);
  // The one Node that everything here is run by, where the image's user reaches it.
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  copyFileSync(process.execPath, join(bin, 'node'));
  const made = new Map<string, ReturnType<typeof obey>>();
  for (const stage of stages)
    made.set(stage.name, obey(stage, { dir, bin, context, made, port: String(port) }));
  const image = made.get('');
  if (image === undefined) throw new Error('expected a stage without a name to be the image');
  return image;
};

interface Surroundings {
  readonly dir: string;
  readonly bin: string;
  readonly context: readonly string[];
  readonly made: ReadonlyMap<string, Image>;
  /** Of operations. */
  readonly port: string;
}

const obey = (
  { name, instructions }: Stage,
  { dir, bin, context, made, port }: Surroundings,
): Image => {
  const files = join(dir, name || 'image');
  mkdirSync(join(files, 'var'), { recursive: true });
  let folder = '/';
  let asUser = false;
  let entrypoint: readonly string[] = [];
  let healthcheck: readonly string[] = [];
  const env: Record<string, string> = { PATH: `${bin}:${process.env['PATH']}`, HOME: files };

  const at = (path: string): string => join(files, path);
  /** Paths of the image in a text, as those of this machine. */
  const placed = (text: string): string =>
    text
      .replace(/(?<![\w./])\/(?=(?:data|ensemble|keys|var)\b)/g, `${files}/`)
      .replaceAll(
        'node:node',
        `${user.uid ?? process.getuid?.()}:${user.gid ?? process.getgid?.()}`,
      );

  const copy = (sources: readonly string[], from: string): void => {
    const other = made.get(from);
    if (from !== '' && other === undefined) throw new Error(`expected a stage ${from} before`);
    for (const source of sources) {
      if (other !== undefined) {
        cpSync(other.at(source), at(folder), { recursive: true, verbatimSymlinks: true });
      } else {
        for (const file of context) {
          mkdirSync(dirname(at(join(folder, file))), { recursive: true });
          copyFileSync(join(root, file), at(join(folder, file)));
        }
      }
    }
  };

  const runLine = (line: string): void => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', placed(line)], {
      cwd: at(folder),
      env: { ...network, ...env, OPS_PORT: port },
      encoding: 'utf8',
      ...(asUser ? user : {}),
    });
    if (status !== 0) throw new Error(`RUN ${line} ended with ${status}:\n${stdout}${stderr}`);
  };

  const obeyOne = ({ name: word, what }: Instruction): void => {
    const { CmdLine: line = [], SourcePaths: sources = [] } = what;
    const obeyed: Readonly<Record<string, () => void>> = {
      workdir: () => mkdirSync(at((folder = what.Path ?? '/')), { recursive: true }),
      copy: () => copy(sources, what.From ?? ''),
      run: () => line.forEach(runLine),
      user: () => (asUser = true),
      env: () => what.Env?.forEach(({ Key, Value }) => (env[Key] = placed(Value))),
      healthcheck: () => (healthcheck = what.Health?.Test.slice(1) ?? []),
      entrypoint: () => (entrypoint = line),
      cmd: () => undefined,
      expose: () => undefined,
    };
    const how = obeyed[word.toLowerCase()];
    if (how === undefined) throw new Error(`expected no instruction ${word} in the Dockerfile`);
    how();
  };
  instructions.forEach(obeyOne);

  return {
    at,
    healthcheck,
    run: (args, { env: more, entrypoint: [command = '', ...first] = entrypoint }) =>
      spawn(command, [...first, ...args], {
        cwd: at(folder),
        env: { ...env, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(asUser ? user : {}),
      }),
  };
};
