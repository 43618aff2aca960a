// A whole Bluesky network in one process: PLC directory, PDS, relay, AppView.
// Prints one line of JSON when it is up. Ends when its standard input closes, so it cannot
// outlive whoever started it.
import { TestNetwork } from '@atproto/dev-env';

const network = await TestNetwork.create({
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: process.env.DB_SCHEMA,
});

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  setTimeout(() => process.exit(0), 3000);
  await network.close().catch(() => {});
  process.exit(0);
}

process.on('SIGTERM', close);
process.on('SIGINT', close);
process.stdin.on('end', close);
process.stdin.on('close', close);
process.stdin.resume();

console.log(JSON.stringify({ pds: network.pds.url, plc: network.plc.url, appview: network.bsky.url }));
