// The floor of memory: a program that holds one WebSocket and one server, and does nothing.
//   deno run empty_program.ts ws://127.0.0.1:PORT/

const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () => new Response("ok"),
);
const socket = new WebSocket(Deno.args[0] ?? "");
socket.onopen = () => console.log("up");
socket.onclose = () => server.shutdown();
