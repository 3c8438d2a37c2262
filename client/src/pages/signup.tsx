import { signUp } from '../session/enter';
import { Entrance, type EntranceProps } from '../session/entrance';
import { serveEntrance } from '../session/serve-entrance';

export const getServerSideProps = serveEntrance(signUp);

export default function SignUp(props: EntranceProps) {
  return (
    <Entrance
      {...props}
      door={{
        title: 'Sign up',
        send: 'Sign up',
        sending: 'Signing up…',
        submit: signUp,
        passwordHint: '8 to 128 characters. Pasting from a password manager is welcome.',
        autoComplete: 'new-password',
        other: { path: '/signin', question: 'Been here before?', label: 'Sign in' },
      }}
    />
  );
}
