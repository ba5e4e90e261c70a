import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';

/** All values in microseconds. Percentiles are exact to three digits, `min` and `max` to the microsecond. */
export interface LatencyFigures {
  count: number;
  min: number;
  mean: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  /** HdrHistogram V2, compressed, base64: percentiles of several runs cannot be averaged, histograms can be added. */
  histogram: string;
}

/** 1 µs to 60 s; longer than that is counted as 60 s. */
const HIGHEST = 60_000_000;

export class LatencyHistogram {
  private readonly histogram = newHistogram();
  private min = Number.POSITIVE_INFINITY;
  private max = 0;
  private sum = 0;

  record(microseconds: number): void {
    const value = Math.min(Math.max(Math.round(microseconds), 1), HIGHEST);
    this.histogram.recordValue(value);
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.sum += value;
  }

  figures(): LatencyFigures | undefined {
    const { histogram, min, max, sum } = this;
    const count = histogram.totalCount;
    return count === 0 ? undefined : describeHistogram(histogram, { min, max, mean: sum / count });
  }
}

/** The figures of all samples together. */
export function mergeLatencies(parts: ReadonlyArray<LatencyFigures | undefined>): LatencyFigures | undefined {
  const present = parts.filter((part) => part !== undefined);
  if (present.length === 0) return undefined;
  const histogram = newHistogram();
  for (const part of present) histogram.add(decodeFromCompressedBase64(part.histogram));
  const sum = present.reduce((total, part) => total + part.mean * part.count, 0);
  return describeHistogram(histogram, {
    min: Math.min(...present.map((part) => part.min)),
    max: Math.max(...present.map((part) => part.max)),
    mean: sum / histogram.totalCount,
  });
}

function newHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: 3,
  });
}

function describeHistogram(
  histogram: Histogram,
  exact: { min: number; max: number; mean: number },
): LatencyFigures {
  // The histogram answers with the upper end of a bucket, which may lie above the greatest sample.
  const at = (percentile: number) =>
    Math.min(Math.max(histogram.getValueAtPercentile(percentile), exact.min), exact.max);
  return {
    count: histogram.totalCount,
    ...exact,
    mean: Math.round(exact.mean * 10) / 10,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    histogram: encodeIntoCompressedBase64(histogram),
  };
}
