import { Field, Form, useForm, type Filled, type Submit } from '../ui/form';

export function TicketForm({ submit, sent, send }: { submit: Submit; sent: Filled; send: string }) {
  const form = useForm(submit, sent);
  return (
    <Form form={form} send={send} sending="Saving…">
      <Field
        form={form}
        name="title"
        label="What is it for?"
        hint="As buyers will look for it: event, day, seat."
      />
      <Field
        form={form}
        name="price"
        label="Price in US dollars"
        hint="What the buyer pays, like 19.99."
        inputMode="decimal"
        autoComplete="off"
        prefix="$"
      />
    </Form>
  );
}
