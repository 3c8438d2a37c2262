// A whole purchase: listed, ordered, paid, and known to all as sold.
import { eventually } from './eventually';
import { expectStatus, type Order, type Person } from './person';

export async function purchase(seller: Person, buyer: Person): Promise<Order> {
  const { id } = expectStatus(201, await seller.list('A concert', 19.99));
  const order = await buyer.orderSoon(id);
  expectStatus(201, await buyer.paySoon(order.id));
  await eventually(async () => {
    expect((await buyer.seeOrder(order.id)).status).toBe('complete');
    expect((await seller.seeTicket(id)).orderId).toBe(order.id);
  });
  return order;
}
