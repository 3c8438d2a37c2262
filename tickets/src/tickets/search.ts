// Finding tickets by a part of their title, by an index: every three letters in a row are a key (trigrams).

const gramLength = 3;

const fold = (text: string): string => text.normalize('NFC').toLowerCase();

/** Each three letters in a row of the text, once: `abcd` has `abc` and `bcd`. */
export function trigrams(text: string): string[] {
  const letters = [...fold(text)];
  const grams = letters
    .slice(gramLength - 1)
    .map((_, start) => letters.slice(start, start + gramLength).join(''));
  return [...new Set(grams)];
}

/** A filter for titles that contain the text, whatever its case. */
export function titleContains(text: string) {
  const grams = trigrams(text);
  // The index finds the candidates; the pattern tells which have the letters in this order. Text too short for
  // the index is looked for among the newest first, until the page is full.
  const pattern = fold(text)
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    // The one character that a pattern cannot hold as it is.
    .replaceAll('\0', '\\x00');
  return {
    ...(grams.length > 0 && { titleTrigrams: { $all: grams } }),
    title: { $regex: pattern, $options: 'i' },
  };
}
