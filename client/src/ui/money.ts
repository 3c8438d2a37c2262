// Prices for people: decimal dollars in the reader's own notation.

const formats = new Map<string, Intl.NumberFormat>();
const maxFormats = 200; // the locale comes from a header, so anybody could think of many

export function formatPrice(dollars: number, locale: string): string {
  let format = formats.get(locale);
  if (!format) {
    if (formats.size >= maxFormats) formats.clear();
    format = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });
    formats.set(locale, format);
  }
  return format.format(dollars);
}

const maxPrice = 1_000_000;

/** A price as people type it, `19.99`, `19,99` or `$20`; undefined for what could mean something else. */
export function parsePrice(text: string): number | undefined {
  const [, whole = '', decimals = ''] = /^\$?\s*(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.trim()) ?? [];
  const price = Number(`${whole}.${decimals || '0'}`);
  return whole !== '' && price > 0 && price <= maxPrice ? price : undefined;
}
