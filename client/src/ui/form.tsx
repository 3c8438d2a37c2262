// Forms that work as plain POSTs to their own page, and without leaving it where there is JavaScript: one use case, both ways.
import { useRouter } from 'next/router';
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import type { Api, Failure } from '../api/api';
import { isSignedOut } from '../api/api';
import { browserApi } from '../api/browser-api';
import { signInPath } from '../session/next-path';
import { useOneAtATime } from './use-one-at-a-time';

export type Values = Record<string, string>;

/** What is wrong, by field; under `form` what is about none of them. */
export type Problems = Record<string, string>;

export interface Filled {
  values: Values;
  problems: Problems;
}

export type Submitted = { goTo: string } | { problems: Problems; isSignedOut?: boolean };

/** What sending the form means: checks the values, calls the API, and says where to go or what is wrong. */
export type Submit = (api: Api, values: Values) => Promise<Submitted>;

/** A refusal of the API as problems of a form that has these fields. */
export function refusedFields(failure: Failure, fields: readonly string[]): Submitted {
  const entries = failure.errors.map(({ field, message }) => [
    field !== undefined && fields.includes(field) ? field : 'form',
    message,
  ]);
  return {
    problems: Object.fromEntries(entries.toReversed()) as Problems,
    isSignedOut: isSignedOut(failure),
  };
}

export interface FormHandle extends Filled {
  isBusy: boolean;
  onSubmit: (event: { preventDefault: () => void; currentTarget: HTMLFormElement }) => void;
}

/** @param sent what the server has already tried, when the form was sent without JavaScript */
export function useForm(submit: Submit, sent: Filled): FormHandle {
  const router = useRouter();
  const [problems, setProblems] = useState(sent.problems);
  const { isBusy, run } = useOneAtATime();

  const send = async (form: HTMLFormElement): Promise<void> => {
    const values = Object.fromEntries(new FormData(form)) as Values;
    const outcome = await submit(browserApi, values);
    if ('goTo' in outcome) {
      await router.push(outcome.goTo);
    } else if (outcome.isSignedOut) {
      await router.push(signInPath(router.asPath, 'session'));
    } else {
      setProblems(outcome.problems);
    }
  };

  return {
    isBusy,
    values: sent.values,
    problems,
    onSubmit: (event) => {
      event.preventDefault();
      const form = event.currentTarget;
      run(() => send(form));
    },
  };
}

/** Brings the reader to what has to be mended. */
export function useFirstProblem(ref: RefObject<HTMLFormElement | null>, problems: Problems): void {
  useEffect(() => {
    if (Object.keys(problems).length === 0) return;
    ref.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus();
  }, [ref, problems]);
}

interface FormProps {
  form: FormHandle;
  /** The button's words. */
  send: string;
  sending: string;
  children: ReactNode;
}

export function Form({ form, send, sending, children }: FormProps) {
  const ref = useRef<HTMLFormElement>(null);
  useFirstProblem(ref, form.problems);
  return (
    <form ref={ref} method="post" className="form" noValidate onSubmit={form.onSubmit}>
      {form.problems['form'] && <FormProblem text={form.problems['form']} />}
      {children}
      <SendButton isBusy={form.isBusy} label={form.isBusy ? sending : send} />
    </form>
  );
}

/** Stays where it is while it works: a disabled button would drop the keyboard's focus. */
export function SendButton({
  isBusy,
  label,
  kind = 'primary',
}: {
  isBusy: boolean;
  label: ReactNode;
  kind?: string;
}) {
  return (
    <button type="submit" className={`button ${kind}`} aria-disabled={isBusy || undefined}>
      {label}
    </button>
  );
}

export function FormProblem({ text }: { text: string }) {
  return (
    <p role="alert" tabIndex={-1} className="notice problem">
      {text}
    </p>
  );
}

interface FieldProps {
  name: string;
  label: string;
  form: Pick<FormHandle, 'values' | 'problems'>;
  hint?: string;
  type?: 'text' | 'email' | 'password';
  autoComplete?: string;
  inputMode?: 'text' | 'email' | 'decimal' | 'numeric';
  maxLength?: number;
  prefix?: string;
}

export function Field({ name, label, form, hint, prefix, ...input }: FieldProps) {
  const problem = form.problems[name];
  const describedBy = [problem && `${name}-problem`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {hint && (
        <p id={`${name}-hint`} className="hint">
          {hint}
        </p>
      )}
      <span className="input-row">
        {prefix && <span aria-hidden="true">{prefix}</span>}
        <input
          id={name}
          name={name}
          defaultValue={input.type === 'password' ? undefined : form.values[name]}
          required
          aria-invalid={problem ? true : undefined}
          aria-describedby={describedBy || undefined}
          {...input}
        />
      </span>
      {problem && (
        <p id={`${name}-problem`} className="field-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
