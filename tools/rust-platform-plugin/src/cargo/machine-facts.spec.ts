import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { writeFiles } from '../testing/write-files';
import { cpuIdentity, linuxCpu, nativeCpuFacts } from './machine-facts';

const X86 = (flags: string, more = '') =>
  `processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: Xeon\nstepping\t: 8\nmicrocode\t: 0x2b\ncpu MHz\t\t: 2000.1\nflags\t\t: ${flags}\n${more}`;

describe('the cpu', () => {
  test('is the same for equal machines, whatever clock, core count, order and kernel say', () => {
    const one = linuxCpu(`${X86('fpu avx2 hypervisor pti')}\n\n${X86('fpu avx2 hypervisor pti')}`);
    expect(linuxCpu(X86('avx2 fpu constant_tsc').replace('2000.1', '3100.7').replace('0x2b', '0x2c'))).toBe(
      one,
    );
    expect(linuxCpu(X86('fpu avx2 avx512f'))).not.toBe(one);
    expect(linuxCpu(X86('fpu avx2').replace('143', '85'))).not.toBe(one);
  });

  test('of an arm machine with two kinds of cores is both', () => {
    const core = (part: string) =>
      `processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU part\t: ${part}\n`;
    const both = linuxCpu(`${core('0xd0c')}\n${core('0xd05')}\n`);
    expect(both).toBe(linuxCpu(`${core('0xd05')}\n${core('0xd0c')}\n${core('0xd05')}\n`));
    expect(both).not.toBe(linuxCpu(`${core('0xd0c')}\n`));
    expect(both).toContain('asimd');
  });

  test('of this machine is found', () => {
    expect(cpuIdentity()).toMatch(/^[0-9a-f]{16}$/);
    expect(cpuIdentity()).toBe(cpuIdentity());
  });
});

describe('counts only where flags say target-cpu=native', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder('cpu');
    await writeFiles(folder.path, { 'flags.txt': '-C\ntarget-cpu=native\n' });
  });
  afterAll(() => folder.remove());

  const facts = (env: NodeJS.ProcessEnv, config = '', manifest = '') =>
    nativeCpuFacts({
      cargoRoot: folder.path,
      env,
      configs: [{ file: join(folder.path, '.cargo/config.toml'), text: config }],
      manifest,
    });

  test.each([
    ['RUSTFLAGS', { RUSTFLAGS: '-C target-cpu=native' }, '', ''],
    ['RUSTFLAGS in one word', { RUSTFLAGS: '-Ctarget-cpu=native -g' }, '', ''],
    ['encoded flags', { CARGO_ENCODED_RUSTFLAGS: '-C\u001ftarget-cpu=native' }, '', ''],
    ['CARGO_BUILD_RUSTFLAGS', { CARGO_BUILD_RUSTFLAGS: '--codegen=target-cpu=native' }, '', ''],
    ['a variable of the target', { CARGO_TARGET_X_RUSTFLAGS: '-Ctarget-cpu=native' }, '', ''],
    ['a file of flags', { RUSTFLAGS: '@flags.txt' }, '', ''],
    ['build.rustflags', {}, '[build]\nrustflags = ["-C", "target-cpu=native"]', ''],
    ['one text', {}, '[build]\nrustflags = "-C target-cpu=native"', ''],
    ['flags of a cfg', {}, `[target.'cfg(unix)']\nrustflags = ["-Ctarget-cpu=native"]`, ''],
    ['a profile of the configuration', {}, '[profile.release]\nrustflags = ["-Ctarget-cpu=native"]', ''],
    ['a profile of the manifest', {}, '', '[profile.release]\nrustflags = ["-Ctarget-cpu=native"]'],
  ])('in %s', (_, env, config, manifest) => {
    expect(facts(env, config, manifest)).toEqual([
      { name: 'cpu (the rustflags hold target-cpu=native)', value: cpuIdentity() },
    ]);
  });

  test('and nowhere else', () => {
    expect(facts({ RUSTFLAGS: '-Ctarget-cpu=x86-64-v3', OTHER: 'target-cpu=native' })).toEqual([]);
    expect(facts({}, '# target-cpu=native\n[env]\nA = "target-cpu=native"')).toEqual([]);
    expect(facts({}, 'no toml [')).toEqual([]);
  });
});
