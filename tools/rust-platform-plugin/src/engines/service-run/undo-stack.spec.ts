import { UndoStack } from './undo-stack';

describe('UndoStack', () => {
  it('undoes the last first, once', async () => {
    const done: number[] = [];
    const undo = new UndoStack();
    for (const step of [1, 2, 3]) undo.add(async () => void done.push(step));
    await undo.run();
    await undo.run();
    expect(done).toEqual([3, 2, 1]);
  });

  it('goes on after a failure and throws the first', async () => {
    const done: number[] = [];
    const undo = new UndoStack();
    undo.add(async () => void done.push(1));
    undo.add(() => Promise.reject(new Error('second')));
    undo.add(() => Promise.reject(new Error('first')));
    await expect(undo.run()).rejects.toThrow('first');
    expect(done).toEqual([1]);
  });
});
