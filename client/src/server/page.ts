// What every page does on the server: who is visiting, what they asked for, and what stood in the way.
import type { IncomingMessage } from 'node:http';
import type { GetServerSideProps, GetServerSidePropsContext } from 'next';
import {
  codeOf,
  isSignedOut,
  type Answer,
  type Api,
  type Failure,
  type Success,
  type User,
} from '../api/api';
import { signInPath } from '../session/next-path';
import type { Problem, Shell } from '../ui/shell';
import { readForm, type FormValues } from './form-body';
import { localeOf } from './locale';
import { contentSecurityPolicy } from './security-headers.mjs';
import { serverApi } from './server-api';

export interface Visit {
  api: Api;
  /** Asked at once, and only where there is a session that could be somebody's. */
  user: Promise<User | null>;
  /** The form that was sent, for a POST. */
  form: FormValues | undefined;
  /** Where the visitor is, as their browser sees it: `https://ticketing.dev`. */
  origin: string;
  /** A path parameter, or one of the query. */
  param: (name: string) => string;
  /** The API's answer to a GET; a refusal becomes the page's. */
  read: <T>(path: string) => Promise<Success<T>>;
}

interface GoTo {
  goTo: string;
}

export const goTo = (path: string): GoTo => ({ goTo: path });

/** Thrown when the API refuses what a page cannot do without. */
class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(codeOf(failure));
  }
}

export type PageProps<P> = { shell: Shell } & (P | { problem: Problem });

/** Next's getServerSideProps, made from what one page has to say. */
export function page<P extends object>(
  load: (visit: Visit) => Promise<P | GoTo | { problem: Problem }>,
): GetServerSideProps<PageProps<P>> {
  return async (context) => {
    const { req, res, resolvedUrl } = context;
    // The policy of the page that was loaded first holds for all that follow, so each must let Stripe in.
    if (process.env['STRIPE_PUBLISHABLE_KEY'] && process.env.NODE_ENV === 'production')
      res.setHeader('Content-Security-Policy', contentSecurityPolicy(true));
    const api = serverApi(req, res);
    const user = findUser(api, req.headers.cookie);
    user.catch(() => undefined); // whoever reads it hears of a failure; perhaps nobody does
    const shell = async (): Promise<Shell> => ({
      user: await user.catch(() => 'unknown' as const),
      locale: localeOf(req.headers['accept-language']),
    });
    const withProblem = async (problem: Problem): Promise<{ props: PageProps<P> }> => {
      // Where Next's own script asks, it shows the page it gets; a bad status would make it load everything again.
      if (!req.headers['x-nextjs-data']) res.statusCode = problem.status;
      return { props: { shell: await shell(), problem } };
    };
    try {
      const form = req.method === 'POST' ? await readForm(req) : undefined;
      if (req.method === 'POST' && !form) return await withProblem(notOurForm);
      const loaded = await load({
        ...{ api, user, form, param: paramOf(context), read: reader(api) },
        origin: originOf(req),
      });
      if ('goTo' in loaded) return seeOther(loaded.goTo);
      if ('problem' in loaded) return await withProblem(loaded.problem);
      return { props: { shell: await shell(), ...loaded } };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (isSignedOut(error.failure)) return seeOther(signInPath(resolvedUrl));
      return await withProblem(problemOf(error.failure));
    }
  };
}

const seeOther = (destination: string) => ({ redirect: { destination, statusCode: 303 as const } });

const reader =
  (api: Api) =>
  async <T>(path: string): Promise<Success<T>> =>
    orRefuse(await api<T>('GET', path));

/** The answer, when it is a good one; else the page says why it is not. */
export function orRefuse<T>(answer: Answer<T>): Success<T> {
  if (answer.ok) return answer;
  throw new Refused(answer);
}

async function findUser(api: Api, cookie: string | undefined): Promise<User | null> {
  if (!/(?:^|; )session=/.test(cookie ?? '')) return null;
  const { body } = orRefuse(await api<{ currentUser: User | null }>('GET', '/api/users/currentuser'));
  return body.currentUser && { id: body.currentUser.id, email: body.currentUser.email };
}

const paramOf =
  ({ params, query }: GetServerSidePropsContext) =>
  (name: string): string =>
    [params?.[name] ?? query[name] ?? ''].flat()[0] ?? '';

/** Whoever stands before us says how the visitor came. */
function originOf({ headers }: IncomingMessage): string {
  const [proto = ''] = [headers['x-forwarded-proto']].flat();
  return `${proto.split(',')[0] === 'https' ? 'https' : 'http'}://${headers.host ?? 'localhost'}`;
}

const problemOf = (failure: Failure): Problem => ({
  // Nothing of an outage's own status helps a browser or a search engine.
  status: failure.status >= 400 && failure.status < 500 ? failure.status : 503,
  code: codeOf(failure),
  message: failure.errors[0].message,
});

const notOurForm: Problem = {
  status: 403,
  code: 'client.not_our_form',
  message: 'This form did not come from one of our pages, so nothing was done.',
};
