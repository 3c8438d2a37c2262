import { signIn } from '../session/enter';
import { Entrance, type EntranceProps } from '../session/entrance';
import { serveEntrance } from '../session/serve-entrance';

export const getServerSideProps = serveEntrance(signIn);

export default function SignIn(props: EntranceProps) {
  return (
    <Entrance
      {...props}
      door={{
        title: 'Sign in',
        send: 'Sign in',
        sending: 'Signing in…',
        submit: signIn,
        autoComplete: 'current-password',
        other: { path: '/signup', question: 'New here?', label: 'Sign up' },
      }}
    />
  );
}
