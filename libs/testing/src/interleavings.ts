/**
 * Every order in which a hearer may hear what stands on several topics: the order within each is
 * kept, everything else is left to chance.
 */
export const interleavings = <Item>(...topics: readonly (readonly Item[])[]): Item[][] => {
  const waiting = topics.filter(({ length }) => length > 0);
  if (waiting.length === 0) return [[]];
  return waiting.flatMap((topic) => {
    const [first, ...rest] = topic as readonly [Item, ...Item[]];
    const others = waiting.map((other) => (other === topic ? rest : other));
    return interleavings(...others).map((order) => [first, ...order]);
  });
};
