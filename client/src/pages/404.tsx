import { notFound, ProblemPage } from '../ui/problem-page';

export default function NotFound() {
  return <ProblemPage problem={notFound} />;
}
