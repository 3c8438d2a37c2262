// How a ticket is printed: the serial on it and the stock it is printed on, both from its id alone.

/** The part of an id that differs, as a printed number: `9F3A·0C21`. */
export const serialOf = (id: string): string =>
  id
    .slice(-8)
    .toUpperCase()
    .replace(/^(.{4})/, '$1·');

export const stocks = 6;

/** The ticket's paper: one of a few colours, always the same for the same ticket. */
export const stockOf = (id: string): number =>
  [...id].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) % 9973, 7) % stocks;

/** Bars for a drawing: an SVG path of thick and thin lines, 100 wide, from the id's digits. */
export function barsOf(id: string): string {
  const widths = [...id].flatMap((digit) => {
    const value = parseInt(digit, 16) || 0;
    return [1 + (value & 3), 1 + (value >> 2)];
  });
  const unit = 100 / widths.reduce((sum, width) => sum + width, 0);
  let x = 0;
  let path = '';
  widths.forEach((width, i) => {
    const step = width * unit;
    if (i % 2 === 0) path += `M${x.toFixed(1)} 0h${step.toFixed(1)}v24h-${step.toFixed(1)}z`;
    x += step;
  });
  return path;
}
