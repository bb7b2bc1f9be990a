// The built page and a stream on a real socket of 127.0.0.1, for what is timed: nothing is
// between it and the browser. Only as much of the WebSocket protocol as one page needs.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { DIST, KINDS, POLICY } from './fake.mjs';

const KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x81;
const CLOSE = 0x8;

/** One text message as it goes to a browser: whole, and not masked. */
export function framed(text) {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.from([TEXT, body.length])
      : body.length < 65_536
        ? Buffer.from([TEXT, 126, body.length >> 8, body.length & 255])
        : Buffer.concat([Buffer.from([TEXT, 127, 0, 0, 0, 0]), fourBytes(body.length)]);
  return Buffer.concat([head, body]);
}

function fourBytes(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The messages of a browser, which are masked and short. Gives back what is left over. */
function read(bytes, hear) {
  while (bytes.length >= 6) {
    const long = (bytes[1] & 127) === 126;
    const length = long ? bytes.readUInt16BE(2) : bytes[1] & 127;
    const mask = long ? 4 : 2;
    if (bytes.length < mask + 4 + length) break;
    const body = bytes.subarray(mask + 4, mask + 4 + length);
    const text = Buffer.from(body.map((byte, at) => byte ^ bytes[mask + (at % 4)])).toString();
    if ((bytes[0] & 15) !== CLOSE) hear(text);
    bytes = bytes.subarray(mask + 4 + length);
  }
  return bytes;
}

/** `hear(send, message)` is called for each message of a page; `answers` are those to a GET. */
export async function serve({ answers, hear, bare = '' }) {
  const sockets = new Set();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://here');
    const answer = answers[pathname.slice('/api/v1/'.length)];
    const say = (status, type, body) => {
      response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': POLICY });
      response.end(body);
    };
    // A page without the program's policy, for comparison.
    if (pathname === '/bare') return response.end(bare);
    if (pathname.startsWith('/api/')) {
      const found = typeof answer === 'function' ? answer() : answer;
      return say(found === undefined ? 404 : 200, 'application/json', JSON.stringify(found ?? {}));
    }
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    const body = await readFile(join(DIST, name)).catch(() => null);
    return say(body === null ? 404 : 200, KINDS[extname(name)] ?? 'text/plain', body ?? '');
  });
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(request.headers['sec-websocket-key'] + KEY)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.setNoDelay(true);
    sockets.add(socket);
    const send = (text) => socket.writable && socket.write(framed(text));
    let rest = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      rest = read(Buffer.concat([rest, bytes]), (text) => hear(send, JSON.parse(text)));
    });
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    sockets,
    send: (text) => {
      for (const socket of sockets) socket.write(framed(text));
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
