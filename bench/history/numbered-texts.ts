/** Gives equal texts equal numbers, so that large sets of them are compared as short lists. Nothing is hashed. */
export class NumberedTexts {
  private readonly numbers = new Map<string, number>();

  setOf(texts: string[]): string {
    return Uint32Array.from(texts, (one) => this.numberOf(one))
      .sort()
      .join();
  }

  private numberOf(text: string): number {
    const known = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, known);
    return known;
  }
}
