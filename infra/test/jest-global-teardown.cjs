module.exports = async () => {
  await globalThis.ticketingTestMongo?.stop();
};
