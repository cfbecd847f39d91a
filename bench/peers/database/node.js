// The peer in Node with its users in PostgreSQL: http of the standard library and pg with its pool, a transaction for each
// sign-up, in the schema of Rollcall.
//
//     node node.js SOCKET
//
// The address of the database is in the environment, as DATABASE_PEER_URL.
'use strict';

const http = require('node:http');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DATABASE_PEER_URL });

const TAKE_NUMBER = {
  name: 'take',
  text: `UPDATE rollcall.state SET next_number = next_number + 1, users = users + 1, version = version + 1,
newest = next_number, revision = $1, changed = greatest(changed, $1) WHERE id = 1 RETURNING next_number - 1 AS number, changed`,
};
const INSERT_USER = {
  name: 'user',
  text: 'INSERT INTO rollcall.users (number, created, key, name) VALUES ($1, $2, $3, $4)',
};
const INSERT_WORD = {
  name: 'word',
  text: 'INSERT INTO rollcall.words (form, text, rank, number, shared) VALUES (0, $1, $2, $3, 0)',
};

// A user with the words of the name, or nothing of it.
async function store(name) {
  const client = await pool.connect();
  const key = name.toLowerCase();
  const words = key.replaceAll('-', ' ');

  try {
    await client.query('BEGIN');
    const { number, changed } = (await client.query({ ...TAKE_NUMBER, values: [Date.now()] })).rows[0];
    await client.query({ ...INSERT_USER, values: [number, changed, Buffer.from(key), name] });
    for (let offset = 0; ; offset = words.indexOf(' ', offset) + 1) {
      await client.query({ ...INSERT_WORD, values: [Buffer.from(words.slice(offset)), offset * 2, number] });
      if (words.indexOf(' ', offset) < 0) break;
    }
    await client.query('COMMIT');
    return number;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function create(body, response) {
  const name = (new URLSearchParams(body).get('username') ?? '').trim();

  try {
    const number = await store(name);
    response.writeHead(303, { Location: `/users?created=${number}`, 'Content-Length': 0 });
  } catch (error) {
    if (error.code !== '23505') console.error(error);
    response.writeHead(error.code === '23505' ? 409 : 503, { 'Content-Length': 0 });
  }
  response.end();
}

const server = http.createServer({ keepAliveTimeout: 75000 }, (request, response) => {
  const chunks = [];

  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => create(Buffer.concat(chunks).toString(), response));
});
server.maxRequestsPerSocket = 0;
server.listen({ path: process.argv[2], backlog: 4096 });
