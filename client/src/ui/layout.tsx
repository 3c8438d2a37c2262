// What surrounds every page: the way around, who is signed in, and the colophon.
import Link from 'next/link';
import { useRouter } from 'next/router';
import type { ReactNode } from 'react';
import { signInPath } from '../session/next-path';
import { OfflineBanner } from './offline-banner';
import { useShell } from './shell';

const places = [
  { href: '/', label: 'Tickets' },
  { href: '/sell', label: 'Sell' },
  { href: '/listings', label: 'My listings' },
  { href: '/orders', label: 'My orders' },
];

export function Layout({ children }: { children: ReactNode }) {
  const { pathname } = useRouter();
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="site-header">
        <div className="bar">
          <Link className="brand" href="/">
            <span aria-hidden="true" className="brand-mark" />
            Ticketing
          </Link>
          <nav aria-label="Main">
            <ul>
              {places.map(({ href, label }) => (
                <li key={href}>
                  <Link href={href} aria-current={pathname === href ? 'page' : undefined}>
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <Account />
        </div>
        <OfflineBanner />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="site-footer">
        <p>Admit one. A ticket is never sold twice, and an order is charged once.</p>
      </footer>
    </>
  );
}

function Account() {
  const { user } = useShell();
  const { asPath } = useRouter();
  if (user === 'unknown') return null;
  if (!user) {
    return (
      <p className="account">
        <Link href={signInPath(asPath)}>Sign in</Link>
        <Link className="button small" href={signInPath(asPath).replace('/signin', '/signup')}>
          Sign up
        </Link>
      </p>
    );
  }
  return (
    <form className="account" method="post" action="/signout">
      <span className="email">{user.email}</span>
      <button className="button small" type="submit">
        Sign out
      </button>
    </form>
  );
}
