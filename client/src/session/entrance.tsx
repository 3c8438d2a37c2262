// The page to sign up or in at: two doors, one form.
import Head from 'next/head';
import Link from 'next/link';
import { Field, Form, useForm, type Filled, type Submit } from '../ui/form';
import { Notice } from '../ui/notice';

export interface EntranceProps {
  next: string;
  hasExpired: boolean;
  sent: Filled;
}

interface Door {
  title: string;
  send: string;
  sending: string;
  submit: Submit;
  passwordHint?: string;
  autoComplete: 'new-password' | 'current-password';
  other: { path: string; question: string; label: string };
}

export function Entrance({ door, next, hasExpired, sent }: EntranceProps & { door: Door }) {
  const form = useForm(door.submit, sent);
  const other = `${door.other.path}?${new URLSearchParams({ next }).toString()}`;
  return (
    <div className="narrow">
      <Head>
        <title>{`${door.title} · Ticketing`}</title>
      </Head>
      <h1>{door.title}</h1>
      {hasExpired && (
        <Notice title="Your session has ended">
          <p>Sign in again, and you are back where you were. Nothing you hold has changed.</p>
        </Notice>
      )}
      <Form form={form} send={door.send} sending={door.sending}>
        <input type="hidden" name="next" value={next} />
        <Field
          form={form}
          name="email"
          label="E-mail"
          type="email"
          inputMode="email"
          autoComplete="username"
        />
        <Field
          form={form}
          name="password"
          label="Password"
          type="password"
          autoComplete={door.autoComplete}
          {...(door.passwordHint && { hint: door.passwordHint })}
        />
      </Form>
      <p>
        {door.other.question} <Link href={other}>{door.other.label}</Link>
      </p>
    </div>
  );
}
