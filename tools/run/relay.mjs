// relay.mjs: a worker of the page: sends its output to the server, also while the page computes.

const HEAD = 5; // bytes before each piece: the descriptor, the length
/** @type {{ fd: number, bytes: Uint8Array }[]} */
let pieces = [];
let isSending = false;

function batch() {
  const size = pieces.reduce((sum, { bytes }) => sum + HEAD + bytes.length, 0);
  const body = new Uint8Array(size);
  const view = new DataView(body.buffer);
  let at = 0;
  for (const { fd, bytes } of pieces) {
    view.setUint8(at, fd);
    view.setUint32(at + 1, bytes.length, true);
    body.set(bytes, at + HEAD);
    at += HEAD + bytes.length;
  }
  pieces = [];
  return body;
}

/** One request at a time keeps the order; what comes meanwhile goes with the next. */
async function send() {
  isSending = true;
  while (pieces.length > 0) await fetch("../print", { method: "POST", body: batch() });
  isSending = false;
}

addEventListener("message", ({ data }) => {
  pieces.push(data);
  if (!isSending) void send();
});
postMessage("ready");
