import { LineSplitter } from './line-splitter';
import { OutputBuffer } from './output-buffer';

describe('LineSplitter', () => {
  it('keeps lines and characters whole that are cut between chunks', () => {
    const splitter = new LineSplitter();
    const bytes = Buffer.from('größe\r\nzwei');
    expect(splitter.push(bytes.subarray(0, 3))).toEqual([]);
    expect(splitter.push(bytes.subarray(3))).toEqual(['größe']);
    expect(splitter.flush()).toEqual(['zwei']);
    expect(splitter.flush()).toEqual([]);
  });

  it('gives a line that never ends in pieces', () => {
    const splitter = new LineSplitter();
    const lines = splitter.push(Buffer.alloc(3 * 1024 * 1024, 'x'));
    expect(lines).toHaveLength(1);
    expect(splitter.flush()).toEqual([]);
  });
});

describe('OutputBuffer', () => {
  it('keeps the last bytes of each stream', () => {
    const output = new OutputBuffer(5);
    for (const text of ['abc', 'def', 'g']) output.add(Buffer.from(text), 'stdout');
    output.add(Buffer.from('err'), 'stderr');
    expect(output.result()).toEqual({ stdout: 'cdefg', stderr: 'err', truncated: true });
  });
});
