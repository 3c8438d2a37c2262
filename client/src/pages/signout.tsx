// The header's button posts here; who comes by a link is asked first.
import Head from 'next/head';
import { goTo, orRefuse, page } from '../server/page';

export const getServerSideProps = page(async ({ api, user, form }) => {
  if (form) {
    orRefuse(await api('POST', '/api/users/signout', {}));
    return goTo('/');
  }
  return (await user) ? {} : goTo('/');
});

export default function SignOut() {
  return (
    <div className="narrow">
      <Head>
        <title>Sign out · Ticketing</title>
      </Head>
      <h1>Sign out?</h1>
      <form method="post" className="form">
        <button className="button primary" type="submit">
          Sign out
        </button>
      </form>
    </div>
  );
}
