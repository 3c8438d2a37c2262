// The reader's locale, for prices and times: the first language that their browser asks for.

const fallback = 'en-US';

export function localeOf(acceptLanguage: string | undefined): string {
  const [first = ''] = (acceptLanguage ?? '').split(/[,;]/, 1);
  try {
    return Intl.NumberFormat.supportedLocalesOf(first.trim())[0] ?? fallback;
  } catch {
    return fallback; // `*`, or no language tag at all
  }
}
