// What a ticket by its id would cost with nothing but node:http and MongoDB's driver: the floor to compare with.
// `node bare.mjs MONGO_URI` prints its port.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { MongoClient, ObjectId } = createRequire(import.meta.url)('mongodb');
const [uri = ''] = process.argv.slice(2);
const client = await new MongoClient(uri, { maxPoolSize: 20 }).connect();
const tickets = client.db().collection('tickets');

const server = createServer((request, response) => {
  const id = request.url?.split('/').at(-1) ?? '';
  tickets
    .findOne({ _id: new ObjectId(id) }, { projection: { event: 0, titleTrigrams: 0 } })
    .then((/** @type {object | null} */ ticket) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(ticket));
    })
    .catch((/** @type {unknown} */ error) => {
      process.stderr.write(`${String(error)}\n`);
      response.statusCode = 500;
      response.end();
    });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
process.on('SIGTERM', () => process.exit(0));
