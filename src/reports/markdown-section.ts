/** A part of a comment that is left out where it has no items, and cut where there is no room for all of them. */
export type Section = {
  readonly head: string;
  readonly items: readonly string[];
  /** Says how many items were left out. */
  readonly left: (items: number) => string;
  readonly foot: string;
};

/** As much of a section as there is room for, in characters; nothing at all if there is none. */
export function sectionWithin(room: number, { head, items, left, foot }: Section): string {
  if (items.length === 0) return '';
  let text = head;
  for (const [index, item] of items.entries()) {
    const rest = items.length - index;
    const isLast = rest === 1;
    const end = isLast ? foot : left(rest) + foot;
    if (text.length + item.length + end.length > room) {
      const cut = text + left(rest) + foot;
      return cut.length > room ? '' : cut;
    }
    text += item;
  }
  return text + foot;
}
