import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Build, built } from '@ensemble/testing/servers';

/** The repository. */
export const root = join(import.meta.dirname, '../../..');

/** A service of docker-compose.yml, as far as tests look at it. */
export interface ComposeService {
  readonly image: string;
  readonly command: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { condition: string; required: boolean }>>;
  readonly ports?: readonly {
    readonly host_ip: string;
    readonly target: number;
    readonly published: string;
  }[];
  readonly networks: Readonly<Record<string, { aliases?: readonly string[] } | null>>;
  readonly container_name?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly volumes?: readonly { readonly type: string; readonly source: string }[];
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
}

/** An instruction of a Dockerfile, as Docker's own parser has it. */
export interface Instruction {
  readonly name: string;
  readonly what: {
    readonly CmdLine?: readonly string[];
    readonly Env?: readonly { readonly Key: string; readonly Value: string }[];
    readonly SourcePaths?: readonly string[];
    readonly DestPath?: string;
    readonly From?: string;
    readonly Path?: string;
    readonly User?: string;
    readonly Health?: { readonly Test: readonly string[] };
  };
}

export interface Stage {
  readonly from: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

const readerBuild: Build = {
  name: 'reader',
  sources: join(import.meta.dirname, 'reader'),
  command: 'go',
  args: ['build', '-trimpath', '-buildvcs=false', '-o', 'reader', '.'],
};

const schemasBuild: Build = {
  name: 'kubernetes-schemas',
  sources: join(import.meta.dirname, 'schemas'),
  command: 'python3',
  args: '-m pip install -q --target lib -r requirements.txt'.split(' '),
};

const run = promisify(execFile);

const read = async <Seen>(...args: readonly string[]): Promise<Seen> => {
  const reader = join(await built(readerBuild), 'reader');
  const { stdout } = await run(reader, args, { cwd: root, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Seen;
};

/**
 * docker-compose.yml as `docker compose` has it, with these profiles or else those of `.env`, or of
 * another file: `--env-file=…`.
 */
export const readCompose = (...options: readonly string[]): Promise<Compose> =>
  read('compose', root, ...options);

/** The stages of the Dockerfile. */
export const readImage = (): Promise<readonly Stage[]> => read('image', join(root, 'Dockerfile'));

/** The files that Docker is given to build the image from. */
export const readContext = (): Promise<readonly string[]> => read('context', root);

/** Every object that `kubectl apply -k` applies from a folder. */
export const readKustomization = <Object>(folder: string): Promise<readonly Object[]> =>
  read('kustomize', join(root, folder));

/**
 * Holds files with objects of Kubernetes against its schemas, with no field that they do not know.
 * @throws with everything that is wrong
 */
export const validateObjects = async (
  files: readonly string[],
  version: string,
): Promise<readonly string[]> => {
  const lib = join(await built(schemasBuild), 'lib');
  const args = ['-m', 'kubernetes_validate', '--strict', '-k', version, ...files];
  const env = { ...process.env, PYTHONPATH: lib };
  const { status, stdout, stderr } = spawnSync('python3', args, {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  const said = `${stdout}${stderr}`;
  if (status !== 0) throw new Error(`expected objects of Kubernetes ${version}, found\n${said}`);
  return said.match(/INFO .* passed for resource .*/g) ?? [];
};
