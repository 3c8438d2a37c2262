import { checkTicket } from './save-ticket';

test('a title and a price will do', () => {
  expect(checkTicket({ title: ' A concert ', price: '19,99' })).toEqual({});
  expect(checkTicket({ title: '🎫'.repeat(200), price: '1' })).toEqual({});
});

test.each([
  [{ title: ' ', price: '1' }, 'title'],
  [{ title: 'x'.repeat(201), price: '1' }, 'title'],
  [{ title: 'x', price: '' }, 'price'],
  [{ title: 'x', price: '1.999' }, 'price'],
  [{}, 'title,price'],
])('%j is wrong in %s', (values, fields) => {
  expect(Object.keys(checkTicket(values)).join()).toBe(fields);
});
