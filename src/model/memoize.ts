/** Clusters run the same few images over and over; what is remembered of any others has a bound. */
const most = { keys: 1000, characters: 300 };

/** A function of a text that remembers what it found; it has to find something, and always the same. */
export function memoize<T extends object>(find: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = find(key);
    if (known.size === most.keys) known.clear();
    if (key.length <= most.characters) known.set(key, found);
    return found;
  };
}
