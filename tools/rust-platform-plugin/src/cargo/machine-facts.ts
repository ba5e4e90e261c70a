import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { captureSync } from '../process/capture';
import type { ConfigFile } from './cargo-config';
import { readRustflags } from './rustflags';

/** Something of this machine on which a result depends. */
export interface MachineFact {
  /** With its reason. */
  name: string;
  /** A hash, or a short text; the same on every machine that gives the same result. */
  value: string;
}

/** The cpu, where flags of rustc say `target-cpu=native`: code for one machine may not run on another. Else nothing. */
export function nativeCpuFacts(request: {
  /** Absolute. */
  cargoRoot: string;
  env: NodeJS.ProcessEnv;
  configs: readonly ConfigFile[];
  /** Text of the Cargo.toml there, whose profiles may hold flags. */
  manifest?: string;
}): MachineFact[] {
  const { all } = readRustflags(request);
  const flags = all.flatMap((flag) =>
    flag.startsWith('@') ? fileWords(resolve(request.cargoRoot, flag.slice(1))) : [flag],
  );
  const isNative = /(^| )(-C *|--codegen[ =])?target-cpu=native( |$)/.test(flags.join(' '));
  return isNative ? [{ name: 'cpu (the rustflags hold target-cpu=native)', value: cpuIdentity() }] : [];
}

let known: string | undefined;

/** Model and instruction sets, hashed: the same for equal machines. */
export function cpuIdentity(): string {
  known ??= hash(
    process.platform === 'darwin' ? macCpu() : linuxCpu(readFile('/proc/cpuinfo') ?? modelsOf()),
  );
  return known;
}

/** What tells one kind of processor from another in /proc/cpuinfo of x86 and of arm; no clock, no core number. */
const FIELDS =
  /^(vendor_id|cpu family|model|model name|stepping|flags|Features|CPU (implementer|architecture|variant|part|revision))\s*:\s*(.*)$/;
/** Flags by which the kernel describes itself, its guest or its mitigations: they differ between equal processors. */
const OF_THE_KERNEL =
  /^(hypervisor|constant_tsc|nonstop_tsc|rep_good|nopl|xtopology|tsc_reliable|tsc_known_freq|cpuid|aperfmperf|pni|pti|ssbd|ibrs|ibpb|stibp|ibrs_enhanced|l1tf|md_clear|flush_l1d|arch_capabilities|arat|tpr_shadow|vnmi|ept|ept_ad|flexpriority|vpid|vmmcall|cpuid_fault|invpcid_single|retpoline.*|overflow_recov|succor|perfctr_.*|user_shstk|acpi|dtherm|ida|pln|pts|hwp.*|cat_l3|cdp_l3|rdt_a|cqm.*|mba)$/;

/** Text of /proc/cpuinfo → one line per kind of processor in the machine. */
export function linuxCpu(text: string): string {
  const kinds = text.split(/\n\s*\n/).map((processor) =>
    processor
      .split('\n')
      .flatMap((line) => {
        const [, name = '', , value = ''] = FIELDS.exec(line) ?? [];
        if (!/^(flags|Features)$/.test(name)) return name === '' ? [] : [`${name}=${value.trim()}`];
        return [
          value
            .split(/\s+/)
            .filter((flag) => flag && !OF_THE_KERNEL.test(flag))
            .sort()
            .join(' '),
        ];
      })
      .join('\n'),
  );
  return [...new Set(kinds.filter(Boolean))].sort().join('\n\n');
}

function macCpu(): string {
  const facts = captureSync('sysctl', ['machdep.cpu.brand_string', 'machdep.cpu.features', 'hw.optional']);
  return facts || modelsOf();
}

function modelsOf(): string {
  return [...new Set(cpus().map(({ model }) => `model name: ${model}`))].sort().join('\n\n');
}

function fileWords(file: string): string[] {
  return (readFile(file) ?? '').split(/\s+/);
}

function readFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
