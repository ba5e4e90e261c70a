/**
 * Strongly connected components of a graph (Tarjan), each after those that it leads to. Without recursion: a chain of
 * dependencies may be longer than the stack.
 */
export function strongComponents(edges: readonly (readonly number[])[]): number[][] {
  const search = new Search(edges);
  for (let node = 0; node < edges.length; node++) search.from(node);
  return search.components;
}

class Search {
  readonly components: number[][] = [];
  private readonly order: number[];
  private readonly low: number[];
  private readonly open: boolean[];
  private readonly stack: number[] = [];
  private visited = 0;

  constructor(private readonly edges: readonly (readonly number[])[]) {
    this.order = edges.map(() => 0);
    this.low = edges.map(() => 0);
    this.open = edges.map(() => false);
  }

  from(start: number): void {
    if (this.order[start]) return;
    const way = [{ node: this.enter(start), next: 0 }];
    for (let frame = way.at(-1); frame; frame = way.at(-1)) {
      const target = this.edges[frame.node]?.[frame.next++];
      if (target === undefined) this.leave(frame.node, way);
      else if (!this.order[target]) way.push({ node: this.enter(target), next: 0 });
      else if (this.open[target]) this.lower(frame.node, this.order[target] ?? 0);
    }
  }

  private enter(node: number): number {
    this.visited += 1;
    this.order[node] = this.low[node] = this.visited;
    this.open[node] = true;
    this.stack.push(node);
    return node;
  }

  private leave(node: number, way: Array<{ node: number }>): void {
    way.pop();
    const above = way.at(-1);
    if (above) this.lower(above.node, this.low[node] ?? 0);
    if (this.low[node] !== this.order[node]) return;
    const component = this.stack.splice(this.stack.lastIndexOf(node));
    for (const member of component) this.open[member] = false;
    this.components.push(component);
  }

  private lower(node: number, value: number): void {
    this.low[node] = Math.min(this.low[node] ?? value, value);
  }
}
