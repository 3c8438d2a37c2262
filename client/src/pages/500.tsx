import { ProblemPage } from '../ui/problem-page';

export default function Fault() {
  return (
    <ProblemPage
      problem={{
        status: 500,
        code: 'client.fault',
        message: 'Something went wrong on our side. Please try again.',
      }}
    />
  );
}
