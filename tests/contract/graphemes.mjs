// Reads a list of texts, writes how many characters each has as Bluesky's own server counts them.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.argv[2] + '/');
const { countGraphemes } = await import(pathToFileURL(require.resolve('unicode-segmenter/grapheme')));
let input = '';
for await (const part of process.stdin) input += part;
console.log(JSON.stringify(JSON.parse(input).map(countGraphemes)));
