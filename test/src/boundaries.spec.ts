import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const readJson = (path: string) => JSON.parse(read(path));
const notOurs = new Set(['node_modules', '.git', '.nx', '.data', 'coverage']);
const files = globSync('**/*', {
  cwd: root,
  withFileTypes: true,
  exclude: (entry) => notOurs.has(entry.name),
})
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)));

/** What each project may import of ours; an app: any library and the contracts, never an app. */
const libraries = ['choreography', 'host', 'log', 'sqlite', 'store', 'telemetry', 'testing', 'ui'];
const apps = ['gateway', 'seat', 'payment', 'ticket', 'notification', 'provider', 'monitor'];
const layers: Record<string, string[]> = {
  contracts: [],
  sqlite: [],
  log: ['sqlite'],
  store: ['sqlite'],
  telemetry: [],
  ui: [],
  choreography: ['contracts', 'log', 'store', 'telemetry'],
  host: ['choreography', 'contracts', 'log', 'store', 'telemetry'],
  testing: ['choreography', 'contracts', 'log', 'store', 'telemetry'],
  ...Object.fromEntries(apps.map((app) => [app, ['contracts', ...libraries]])),
  start: ['contracts', ...libraries, ...apps],
  test: ['contracts', ...libraries, ...apps, 'start'],
};

const statements = [
  /^(?:import|export)\b[^;'"=(]*?\bfrom '([^']+)'/gm,
  /^import '([^']+)'/gm,
  /\b(?:import|import\.meta\.resolve|require|require\.resolve)\(\s*'([^']+)'/g,
];
const importsOf = (file: string): string[] =>
  statements.flatMap((statement) => [...read(file).matchAll(statement)].map(([, from]) => from!));

const packageOf = (from: string): string => from.split('/', from.startsWith('@') ? 2 : 1).join('/');

const projects = globSync(readJson('package.json').workspaces as string[], { cwd: root }).map(
  (folder) => {
    const { dependencies = {}, devDependencies = {} } = readJson(`${folder}/package.json`);
    return {
      folder,
      name: basename(folder),
      dependencies: Object.keys(dependencies),
      devDependencies: Object.keys(devDependencies),
      sources: files.filter((file) => file.startsWith(`${folder}/`) && /\.(tsx?|mjs)$/.test(file)),
    };
  },
);
type Project = (typeof projects)[number];

/** Why `file` may not import `from`, or nothing. */
function offence(project: Project, file: string, from: string): string | undefined {
  const { folder, name, dependencies, devDependencies } = project;
  const forTests =
    /\b(?:servers-)?spec\.ts$|\/conformance(\.ts$|\/)/.test(file) || /^test(ing)?$/.test(name);
  const imported = packageOf(from);
  if (from.startsWith('node:')) return;
  if (from.startsWith('.'))
    return join(dirname(file), from).startsWith(`${folder}/`) ? undefined : 'leaves its project';
  if (imported.startsWith('@ensemble/') && !layers[name]?.includes(basename(imported)))
    return 'is against the layers';
  if (from.endsWith('/conformance') && !forTests) return 'is for tests';
  if (dependencies.includes(imported)) return;
  if (![...devDependencies, '@jest/globals'].includes(imported)) return 'is not declared';
  return forTests ? undefined : 'is declared for tests only';
}

describe.each(projects)('$folder', (project) => {
  const { folder, name, dependencies, devDependencies, sources } = project;
  const declared = [...dependencies, ...devDependencies];

  it('imports itself, node and what it declares, along the layers', () => {
    const offences = sources.flatMap((file) =>
      importsOf(file).map((from) => [file, from, offence(project, file, from)]),
    );
    expect(offences.filter(([, , why]) => why)).toEqual([]);
  });

  it('declares nothing that it does not import', () => {
    const imported = new Set(sources.flatMap(importsOf).map(packageOf));
    if (name === 'test') imported.add('@ensemble/start'); // which it runs as a process
    const unused = declared.filter((it) => !imported.has(it.replace('@types/', '')));
    expect(unused).toEqual([]);
  });

  it('refers its compiler to the projects it declares', () => {
    const { references } = readJson(`${folder}/tsconfig.json`);
    const referred = references.map(({ path }: { path: string }) => `@ensemble/${basename(path)}`);
    const ours = declared.filter((it) => it.startsWith('@ensemble/'));
    expect(referred.toSorted()).toEqual(ours.toSorted());
  });
});

describe('the repository', () => {
  it('knows a layer for every project', () => {
    expect(projects.map(({ name }) => name).toSorted()).toEqual(Object.keys(layers).toSorted());
  });

  it('names no machine: no absolute path, no host in the lock file', () => {
    const path = /(?<![\w.-])[/](?:work|root|home|tmp)[/]|\.\.[/]shared/;
    // The image has a root of its own.
    const exempt = ['package-lock.json', 'Dockerfile'];
    const places = files.filter((file) => !exempt.includes(file) && path.test(read(file)));
    expect(places).toEqual([]);
    expect(read('package-lock.json')).not.toContain('"resolved": "http');
  });

  it('asks no clock where decisions are made', () => {
    const pure = /^(?:libs\/choreography|contracts)\/.*(?<!\.spec)\.ts$/;
    const asking = files.filter((file) => pure.test(file) && /new Date\(\)/.test(read(file)));
    expect(asking).toEqual([]);
  });
});
