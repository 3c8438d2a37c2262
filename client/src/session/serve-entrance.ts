// What the server does for both doors; apart from what they look like, so that none of it goes to browsers.
import type { GetServerSideProps } from 'next';
import { goTo, page, type PageProps } from '../server/page';
import type { Submit } from '../ui/form';
import type { EntranceProps } from './entrance';
import { safeNextPath } from './next-path';

export const serveEntrance = (submit: Submit): GetServerSideProps<PageProps<EntranceProps>> =>
  page<EntranceProps>(async ({ api, user, form, param }) => {
    const next = safeNextPath(form?.['next'] ?? param('next'));
    if (form) {
      const outcome = await submit(api, form);
      if ('goTo' in outcome) return goTo(outcome.goTo);
      const { email = '' } = form;
      return { next, hasExpired: false, sent: { values: { email }, problems: outcome.problems } };
    }
    if (await user) return goTo(next);
    return { next, hasExpired: param('why') === 'session', sent: { values: {}, problems: {} } };
  });
