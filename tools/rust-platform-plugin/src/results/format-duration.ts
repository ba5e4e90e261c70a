/** `0.0 s`, `12.3 s`, `4 m 05 s`, `1 h 02 m`; `-` when nothing ran. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return '-';
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
