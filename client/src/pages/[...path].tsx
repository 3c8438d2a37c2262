// Any other address: nothing is there, said within what surrounds every page.
import { page } from '../server/page';
import { notFound } from '../ui/problem-page';

export const getServerSideProps = page(() => Promise.resolve({ problem: notFound }));

export default function Nowhere() {
  return null;
}
