// A line to a site on which the answer to a form can be held back: from 127.0.0.1 to 127.0.0.1, byte for byte.
import { once } from 'node:events';
import { createServer, connect } from 'node:net';

export async function slowLine(site) {
  const sockets = new Set();
  let onHeld;

  const server = createServer((client) => {
    const upstream = connect(new URL(site.url).port, '127.0.0.1');

    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => { client.destroy(); upstream.destroy(); });
    }
    let isForm = false;
    client.on('data', (bytes) => {
      const method = /^([A-Z]+) \//.exec(bytes.toString('latin1'))?.[1];
      if (method !== undefined) isForm = method === 'POST';
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (isForm && onHeld !== undefined) {
        onHeld();
        onHeld = undefined;
        upstream.pause();
        return;
      }
      client.write(bytes);
    });
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,

    // The answer to the next form does not arrive. Resolves when it would have.
    holdAnswer: () => new Promise((resolve) => { onHeld = resolve; }),

    async end() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
