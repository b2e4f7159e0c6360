/**
 * Writes every tsconfig.json from the dependencies in the package.json beside it, so that the
 * compiler, npm and nx know the same edges: `node tools/references.mjs`, after adding one.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folders = globSync(workspaces, { cwd: root })
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .sort();
const folderOf = Object.fromEntries(
  folders.map((folder) => [`@ensemble/${basename(folder)}`, folder]),
);

const write = async (path, config) => {
  const style = { ...(await resolveConfig(path)), filepath: path };
  writeFileSync(path, await format(JSON.stringify(config), style));
};

for (const folder of folders) {
  const file = join(root, folder, 'tsconfig.json');
  const project = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const up = relative(folder, '.');
  const { compilerOptions, include } = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : {};
  await write(file, {
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
await write(join(root, 'tsconfig.json'), {
  files: [],
  references: folders.map((folder) => ({ path: `./${folder}` })),
});
