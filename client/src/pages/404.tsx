import { ProblemPage } from '../ui/problem-page';

export default function NotFound() {
  return (
    <ProblemPage
      problem={{
        status: 404,
        code: 'client.not_found',
        message: 'This page does not exist, or no longer does.',
      }}
    />
  );
}
