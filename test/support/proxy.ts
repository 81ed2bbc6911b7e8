import { request as ask, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A company's proxy: it alone knows the way to hosts that exist nowhere else. */
export interface CompanyProxy {
  readonly url: string;
  /** The requests that it got: `GET http://host/path` or `CONNECT host:port`. */
  readonly asked: string[];
  /** The `Authorization` headers that came with that. */
  readonly authorizations: string[];
  close(): Promise<void>;
}

/** @param origin the address that stands in for every host */
export async function startProxy(origin: string): Promise<CompanyProxy> {
  const { hostname, port } = new URL(origin);
  const asked: string[] = [];
  const authorizations: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.headers.authorization) authorizations.push(request.headers.authorization);
    const { pathname, search } = new URL(request.url ?? '/', origin);
    const path = `${pathname}${search}`;
    ask({ hostname, port, path, method: request.method }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    })
      .on('error', () => response.destroy())
      .end();
  });
  server.on('connect', (request, socket, head) => {
    asked.push(`CONNECT ${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    authorizations,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
