// Everything that is not Stripe's: health, the list of charges, faults to rehearse, and the pages for people.
import type { Api } from './api';
import type { FaultPlan } from './faults';
import { parseForm } from './form';
import { newId } from './ids';
import { chargesPage, messagePage, threeDSecurePage } from './pages';
import { Params } from './params';
import type { Store } from './store';
import { summarize } from './summary';
import { currentApiVersion } from './work';
import { answerThreeDSecure, returnAddress } from './three-d-secure';

export interface ControlRequest {
  method: string;
  url: URL;
  body: string;
}

export interface ControlAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const json = (status: number, body: unknown): ControlAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: `${JSON.stringify(body, null, 2)}\n`,
});
const html = (status: number, body: string): ControlAnswer => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body,
});

export class Controls {
  constructor(
    private readonly store: Store,
    private readonly faults: FaultPlan,
    private readonly api: Api,
  ) {}

  async answer(request: ControlRequest): Promise<ControlAnswer> {
    const { method, url } = request;
    const intentId = /^\/emulator\/3ds\/(\w+)$/.exec(url.pathname)?.[1];
    if (intentId !== undefined) return this.threeDSecure(request, intentId);
    switch (`${method} ${url.pathname}`) {
      case 'GET /readyz':
      case 'GET /healthz':
        return json(200, { status: 'ok' });
      case 'GET /':
        return html(200, chargesPage(summarize(this.store)));
      case 'GET /emulator/charges':
        return json(200, this.charges(url.searchParams.get('orderId')));
      case 'GET /emulator/faults':
        return json(200, this.faults.current);
      case 'POST /emulator/faults':
        return this.setFaults(request.body);
      default:
        return json(404, {
          error: { message: `There is no ${method} ${url.pathname} in the Stripe emulator.` },
        });
    }
  }

  private charges(orderId: string | null): unknown {
    const rows = summarize(this.store);
    return orderId === null ? rows : rows.filter((row) => row.orderId === orderId);
  }

  private setFaults(body: string): ControlAnswer {
    try {
      const faults: unknown = JSON.parse(body);
      if (typeof faults !== 'object' || faults === null) throw new Error('A JSON object is expected.');
      this.faults.set(faults);
      return json(200, this.faults.current);
    } catch (error) {
      return json(400, { error: { message: error instanceof Error ? error.message : String(error) } });
    }
  }

  private async threeDSecure({ method, url, body }: ControlRequest, id: string): Promise<ControlAnswer> {
    const intent = this.store.get('payment_intents', id);
    if (intent === undefined) return html(404, messagePage(`There is no payment ${id}.`));
    if (method !== 'POST')
      return html(200, threeDSecurePage(intent, url.searchParams.get('return_url') ?? ''));

    const form = parseForm(body);
    const returnUrl = form['return_url'];
    delete form['return_url'];
    const request = { id: newId('req_'), idempotencyKey: undefined };
    // A refusal is told by the intent itself: the answer of the unit of work is not shown.
    const job = { params: new Params(form), id, apiVersion: currentApiVersion, baseUrl: url.origin, request };
    const answer = await this.api
      .perform({ ...job, handle: answerThreeDSecure, lock: () => id })
      .catch(String);
    const settled = this.store.get('payment_intents', id) ?? intent;
    if (typeof answer === 'string') return html(400, messagePage(answer));
    if (typeof returnUrl !== 'string' || !URL.canParse(returnUrl))
      return html(200, threeDSecurePage(settled, ''));
    return { status: 303, headers: { Location: returnAddress(returnUrl, settled) }, body: '' };
  }
}
