import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { writeFiles } from '../testing/write-files';
import { listManifests } from './list-manifests';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('manifests');
});
afterEach(() => folder.remove());

it('finds what Nx finds: everything that no ignore file hides', async () => {
  await writeFiles(folder.path, {
    'Cargo.toml': '',
    'a/Cargo.toml': '',
    'a/.gitignore': '/made\n!/kept\n',
    'a/made/Cargo.toml': '',
    'a/deep/made/Cargo.toml': '',
    'a/kept/Cargo.toml': '',
    '.gitignore': 'kept\nout/\n/only-here\n*.tmp\n',
    'b/kept/Cargo.toml': '',
    'out/Cargo.toml': '',
    'b/out/Cargo.toml': '',
    'only-here/Cargo.toml': '',
    'b/only-here/Cargo.toml': '',
    '.nxignore': 'hidden\n',
    'hidden/Cargo.toml': '',
    'größe/Cargo.toml': '',
    'node_modules/x/Cargo.toml': '',
    '.nx/x/Cargo.toml': '',
    'c/target/CACHEDIR.TAG': '',
    'c/target/package/x/Cargo.toml': '',
    'd/target/Cargo.toml': '',
  });
  expect(listManifests(folder.path)).toEqual([
    'Cargo.toml',
    'a/Cargo.toml',
    'a/deep/made/Cargo.toml',
    'a/kept/Cargo.toml',
    'b/only-here/Cargo.toml',
    'd/target/Cargo.toml',
    'größe/Cargo.toml',
  ]);
});

it('finds nothing in a folder that is not there', () => {
  expect(listManifests(`${folder.path}/gone`)).toEqual([]);
});
