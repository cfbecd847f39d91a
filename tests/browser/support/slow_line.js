// A line to a site on which an answer can be held back: from 127.0.0.1 to 127.0.0.1, byte for byte.
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
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (onHeld !== undefined) {
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

    // The next answer does not arrive. Resolves when it would have.
    holdAnswer: () => new Promise((resolve) => { onHeld = resolve; }),

    async end() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
