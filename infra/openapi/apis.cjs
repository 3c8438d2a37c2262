// Each service's table of routes, as it is built.

/** @typedef {import('../../common/dist/openapi/index.js').Api} Api */

/** @type {() => Api[]} */
module.exports = () => [
  require('../../auth/dist/users/openapi.js').usersApi,
  require('../../tickets/dist/tickets/openapi.js').ticketsApi,
  require('../../orders/dist/orders/openapi.js').ordersApi,
  require('../../payments/dist/payments/openapi.js').paymentsApi,
];
