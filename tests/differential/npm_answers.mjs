// What the packages `negotiator` and `fresh` make of header fields: a line of JSON for each line of JSON.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../browser/package.json', import.meta.url));
const Negotiator = require('negotiator');
const fresh = require('fresh');

function* ordersOf(list) {
	if (list.length < 2) {
		yield list;
		return;
	}
	for (let i = 0; i < list.length; i++)
		for (const rest of ordersOf([...list.slice(0, i), ...list.slice(i + 1)]))
			yield [list[i], ...rest];
}

const answers = {
	// Which offer each order of the ranges takes, the one they have first; -1 for none.
	accept: ({ ranges, offers }) =>
		Array.from(ordersOf(ranges), (order) => {
			const negotiator = new Negotiator({ headers: { accept: order.join(',') } });
			return offers.indexOf(negotiator.mediaTypes(offers)[0]);
		}),
	etag: ({ value, etag }) => fresh({ 'if-none-match': value }, { etag }),
};

for await (const line of createInterface({ input: process.stdin }))
	console.log(JSON.stringify(answers[process.argv[2]](JSON.parse(line))));
