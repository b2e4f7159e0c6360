/**
 * Writes every tsconfig.json from the dependencies in the package.json beside it, so that the
 * compiler, npm and nx know the same edges: `node tools/references.mjs`, after adding one.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folders = globSync(workspaces, { cwd: root })
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .sort();
const folderOf = Object.fromEntries(
  folders.map((folder) => [`@ensemble/${basename(folder)}`, folder]),
);

const write = (path, config) => writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`);

for (const folder of folders) {
  const file = join(root, folder, 'tsconfig.json');
  const project = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const up = relative(folder, '.');
  const { compilerOptions, include } = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : {};
  write(file, {
    extends: `${up}/tsconfig.base.json`,
    compilerOptions: {
      ...compilerOptions,
      outDir: join(up, '.nx/types', folder, include ? '' : 'src'),
    },
    ...(include && { include }),
    references: Object.keys({ ...project.dependencies, ...project.devDependencies })
      .filter((name) => name in folderOf)
      .sort()
      .map((name) => ({ path: relative(folder, folderOf[name]) })),
  });
}
write(join(root, 'tsconfig.json'), {
  files: [],
  references: folders.map((folder) => ({ path: `./${folder}` })),
});
