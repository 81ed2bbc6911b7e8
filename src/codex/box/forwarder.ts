/**
 * The forwarder: a small program beside Codex in the box. The box has no network, only its own loopback, so the
 * forwarder listens there and leads every connection to the proxy's socket.
 *
 * It is text, for `node -e`, since a function of the bundle would be rewritten by the bundler. Arguments: the socket,
 * the port. It must not touch Codex's streams: Node makes a stream that it touches non-blocking, for Codex too, which
 * was seen to lose what it printed then, and to wait for ever.
 */
const FORWARDER = `
const net = require('node:net');
const [socket, port] = process.argv.slice(1);

function fail(error) {
  require('node:fs').writeSync(2, 'the way out of the box: ' + error.message + '\\n');
  process.exit(1);
}

net.createServer({ allowHalfOpen: true }, (inner) => {
  const outer = net.connect({ path: socket, allowHalfOpen: true });
  outer.once('error', fail);
  outer.once('connect', () => outer.off('error', fail));
  inner.pipe(outer);
  outer.pipe(inner);
  inner.on('error', () => outer.destroy());
  outer.on('error', () => inner.destroy());
  outer.on('close', () => inner.destroy());
  inner.on('close', () => outer.destroy());
}).on('error', fail).listen(Number(port), '127.0.0.1');
`;

/**
 * Starts the forwarder on the side, and becomes the command, which needs longer to its first request than Node to start.
 * Codex waits for a network without end, so when the forwarder is gone, Codex goes too: `$$` is then its process id.
 */
const BESIDE = '("$1" -e "$2" -- "$3" "$4" </dev/null >/dev/null; kill -9 $$) & shift 4; exec "$@"';

/** The command with a forwarder beside it. */
export function withForwarder(
  node: string,
  socket: string,
  port: number,
  command: readonly string[],
): string[] {
  return ['/bin/sh', '-c', BESIDE, 'sh', node, FORWARDER, socket, `${port}`, ...command];
}
