// Entering a card where no money moves: plainly marked, and only test cards are taken.
import { useRef, useState } from 'react';
import { browserApi } from '../api/browser-api';
import { Field, FormProblem, SendButton, useFirstProblem, type Problems, type Values } from '../ui/form';
import { Price } from '../ui/price';
import type { PayFormProps } from './pay-form';
import { PayHead } from './pay-head';
import { readCard, testCards } from './test-cards';
import { payWithToken } from './verdict';

export function SandboxForm({ order, left, isBusy, sent, onPay, children }: PayFormProps) {
  const ref = useRef<HTMLFormElement>(null);
  const [problems, setProblems] = useState<Problems>(sent.problems);
  useFirstProblem(ref, problems);
  const form = { values: sent.values, problems };

  const pay = (element: HTMLFormElement): void => {
    const card = readCard(Object.fromEntries(new FormData(element)) as Values);
    setProblems('problems' in card ? card.problems : {});
    if ('token' in card) onPay(() => payWithToken(browserApi, order.id, card.token));
  };
  const fill = (number: string): void => {
    const typed = { number, expiry: '12/34', cvc: '123' };
    for (const [name, value] of Object.entries(typed)) {
      const input = ref.current?.elements.namedItem(name);
      if (input instanceof HTMLInputElement) input.value = value;
    }
    setProblems({});
  };

  return (
    <section className="pay" aria-labelledby="pay">
      <PayHead left={left} title="Pay by card" />
      <p className="sandbox">
        <strong>Sandbox.</strong> No money moves, and no real card is taken.
      </p>
      <form
        ref={ref}
        method="post"
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) pay(event.currentTarget);
        }}
      >
        <input type="hidden" name="intent" value="pay" />
        {problems['form'] && <FormProblem text={problems['form']} />}
        <Field form={form} name="number" label="Card number" inputMode="numeric" autoComplete="cc-number" />
        <div className="field-pair">
          <Field form={form} name="expiry" label="Expiry, MM/YY" inputMode="numeric" autoComplete="cc-exp" />
          <Field form={form} name="cvc" label="CVC" inputMode="numeric" autoComplete="cc-csc" maxLength={4} />
        </div>
        {children}
        <SendButton
          isBusy={isBusy}
          label={
            isBusy ? (
              'Paying…'
            ) : (
              <>
                Pay <Price dollars={order.ticket.price} />
              </>
            )
          }
        />
      </form>
      <details className="test-cards" open>
        <summary>Test cards</summary>
        <p className="hint">Any month to come, and any 3 digits.</p>
        <ul>
          {testCards.map(({ number, what }) => (
            <li key={number}>
              <button
                type="button"
                onClick={() => {
                  fill(number);
                }}
              >
                {number}
              </button>
              <span>{what}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
