import { parseBuildScriptOutput } from './build-script-output';

it('reads both spellings and nothing that a script merely prints', () => {
  const text = [
    'cargo:rerun-if-changed=proto/a b.proto',
    'cargo::rerun-if-changed=../shared',
    'cargo::rerun-if-changed=/abs/x\r',
    'cargo:rerun-if-env-changed=GIT_SHA',
    'cargo::rerun-if-env-changed=GIT_SHA',
    'cargo:rustc-env=VERSION=a=b',
    'cargo:rustc-link-lib=z',
    ' cargo:rerun-if-changed=no',
    'see cargo:rerun-if-changed=no',
  ].join('\n');
  expect(parseBuildScriptOutput(text, '/ws/app')).toEqual({
    files: ['/ws/app/proto/a b.proto', '/ws/shared', '/abs/x'],
    environment: ['GIT_SHA'],
    sets: ['VERSION'],
  });
});

it('takes an empty path for the package, as cargo does', () => {
  expect(parseBuildScriptOutput('cargo:rerun-if-changed=', '/ws/app').files).toEqual(['/ws/app']);
});
