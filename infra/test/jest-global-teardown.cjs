module.exports = async () => {
  const { ticketingTestMongo } = /** @type {{ ticketingTestMongo?: { stop(): Promise<boolean> } }} */ (
    globalThis
  );
  await ticketingTestMongo?.stop();
};
