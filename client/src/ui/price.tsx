import { formatPrice } from './money';
import { useShell } from './shell';

/** Browser and server may differ in a space's kind: what the server wrote stays. */
export function Price({ dollars }: { dollars: number }) {
  const { locale } = useShell();
  return (
    <data className="price" value={dollars} suppressHydrationWarning>
      {formatPrice(dollars, locale)}
    </data>
  );
}
