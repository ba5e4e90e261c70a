import type { CargoSetup } from './cargo-setup';

/** Diagnostics as JSON, their ready-made text with or without colour. */
export function messageFormat({ colour = false }: CargoSetup): string {
  return `--message-format=${colour ? 'json-diagnostic-rendered-ansi' : 'json'}`;
}
