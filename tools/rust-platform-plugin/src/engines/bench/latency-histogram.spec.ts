import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { LatencyHistogram, mergeLatencies } from './latency-histogram';

function histogramOf(values: number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('LatencyHistogram', () => {
  it('has the percentiles of known values', () => {
    expect(histogramOf(range(1, 1000)).figures()).toMatchObject({
      count: 1000,
      min: 1,
      mean: 500.5,
      p50: 500,
      p90: 900,
      p99: 990,
      p999: 999,
      max: 1000,
    });
  });

  it('does not round 0.3 ms to nothing', () => {
    const figures = histogramOf(Array<number>(1000).fill(300)).figures();
    expect(figures).toMatchObject({ p50: 300, p99: 300, max: 300 });
  });

  it('keeps three digits over the whole range', () => {
    for (const value of [12_345, 1_234_567, 59_999_999]) {
      const figures = histogramOf([value, value, value]).figures();
      expect(figures?.max).toBe(value);
      expect(Math.abs((figures?.p50 ?? 0) - value) / value).toBeLessThan(0.001);
    }
  });

  it('finds the single outlier at the tail only', () => {
    const figures = histogramOf([...Array<number>(999).fill(100), 50_000]).figures();
    expect(figures).toMatchObject({ p50: 100, p99: 100, p999: 100, max: 50_000 });
  });

  it('counts what lies outside its range at the ends', () => {
    expect(histogramOf([0.2, 120_000_000]).figures()).toMatchObject({ count: 2, min: 1, max: 60_000_000 });
  });

  it('says nothing about no samples', () => {
    expect(new LatencyHistogram().figures()).toBeUndefined();
  });
});

describe('mergeLatencies', () => {
  it('equals the figures of all samples together', () => {
    const parts = [histogramOf(range(1, 500)), histogramOf(range(501, 1000)), new LatencyHistogram()];
    const merged = mergeLatencies(parts.map((part) => part.figures()));
    expect(merged).toEqual(histogramOf(range(1, 1000)).figures());
  });

  it('is not the mean of percentiles', () => {
    const fast = histogramOf(Array<number>(990).fill(100)).figures();
    const slow = histogramOf(Array<number>(10).fill(10_000)).figures();
    expect(mergeLatencies([fast, slow])).toMatchObject({ p50: 100, p99: 100, count: 1000, max: 10_000 });
  });

  it('gives a histogram that others can read', () => {
    const merged = mergeLatencies([histogramOf([10, 20]).figures()]);
    expect(decodeFromCompressedBase64(merged?.histogram ?? '').totalCount).toBe(2);
  });

  it('of nothing is nothing', () => {
    expect(mergeLatencies([undefined])).toBeUndefined();
  });
});
