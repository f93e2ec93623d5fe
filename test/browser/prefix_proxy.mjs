// A proxy that shows a node below a prefix, as people put one before it: http://proxy/prefix/ is the
// node's /.
import http from "node:http";

function forward(prefix, target, request, response) {
  const inner = request.url.startsWith(prefix) ? request.url.slice(prefix.length - 1) : undefined;
  if (inner === undefined) return response.writeHead(404).end();
  const { hostname, port } = target;
  const headers = { ...request.headers, host: target.host };
  const onward = http.request({ hostname, port, path: inner, method: request.method, headers });
  onward.on("response", (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

// `prefix` starts and ends with "/". Listens on any free port of loopback.
export async function startPrefixProxy(prefix, targetUrl) {
  const target = new URL(targetUrl);
  const server = http.createServer((request, response) => forward(prefix, target, request, response));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}${prefix}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
