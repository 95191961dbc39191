// files.mjs: in the page: an Emscripten file system whose files are on the server's disk.
import { fileError } from "./start.mjs";
import { Refused, operate, readBytes, writeBytes } from "./wire.mjs";

// Emscripten's file system is not in its types: nodes, streams and attributes are `any`.
/** @typedef {any} Node */
/** @typedef {any} Stream */

const ACCESS_MODE = 3; // O_RDONLY, O_WRONLY, O_RDWR
const SEEK_CUR = 1;
const SEEK_END = 2;
const MOST = 4 * 1024 * 1024; // bytes in one request

/** @param {any} stat */
function attributes({ atimeMs, mtimeMs, ctimeMs, ...rest }) {
  return {
    ...rest,
    blksize: 4096,
    atime: new Date(atimeMs),
    mtime: new Date(mtimeMs),
    ctime: new Date(ctimeMs),
  };
}

/**
 * Where a node is on the disk.
 * @param {Node} node
 * @returns {string}
 */
function pathOf(node) {
  if (node.parent === node) return node.mount.opts.root;
  return `${pathOf(node.parent)}/${node.name}`;
}

/**
 * The type for FS.mount; its option `root` is the folder's path on the disk.
 * @param {import("./start.mjs").PyjsAPI} py
 */
export function remoteFiles(py) {
  /** @type {any} */
  const FS = py.FS;

  /**
   * Makes a refusal the error that Python sees.
   * @template T
   * @param {() => T} action
   * @returns {T}
   */
  function attempt(action) {
    try {
      return action();
    } catch (error) {
      throw error instanceof Refused ? fileError(py, error.code) : error;
    }
  }

  const ask = (/** @type {string} */ name, /** @type {unknown[]} */ ...args) =>
    attempt(() => operate(name, ...args));

  /**
   * @param {Node} parent
   * @param {string} name
   * @param {number} mode
   */
  function createNode(parent, name, mode) {
    const node = FS.createNode(parent, name, mode, 0);
    node.node_ops = nodeOps;
    node.stream_ops = streamOps;
    return node;
  }

  /**
   * @param {Node} node
   * @param {any} stat
   */
  function refreshed(node, stat) {
    node.mode = stat.mode;
    return attributes(stat);
  }

  /**
   * @param {Node} node
   * @param {any} change
   * @param {(size: number) => void} truncate
   */
  function change(node, { mode, atime, mtime, size, dontFollow }, truncate) {
    if (mode !== undefined && mode !== null) {
      // Linux has no mode of a link's own either.
      if (dontFollow) throw fileError(py, "ENOSYS");
      ask("chmod", pathOf(node), mode);
      node.mode = mode;
    }
    if (typeof (atime ?? mtime) === "number") ask("utime", pathOf(node), atime ?? null, mtime ?? null);
    if (size !== undefined) truncate(size);
  }

  const nodeOps = {
    getattr: (/** @type {Node} */ node) => refreshed(node, ask("stat", pathOf(node))),
    setattr(/** @type {Node} */ node, /** @type {any} */ attr) {
      change(node, attr, (size) => ask("truncate", pathOf(node), size));
    },
    lookup(/** @type {Node} */ parent, /** @type {string} */ name) {
      return createNode(parent, name, ask("stat", `${pathOf(parent)}/${name}`).mode);
    },
    mknod(/** @type {Node} */ parent, /** @type {string} */ name, /** @type {number} */ mode) {
      if (!FS.isDir(mode) && !FS.isFile(mode)) throw fileError(py, "EINVAL");
      ask("make", `${pathOf(parent)}/${name}`, mode);
      return createNode(parent, name, mode);
    },
    rename(/** @type {Node} */ node, /** @type {Node} */ folder, /** @type {string} */ name) {
      ask("rename", pathOf(node), `${pathOf(folder)}/${name}`);
      // Emscripten would go on finding the file that was replaced.
      const old = known(folder, name);
      if (old !== undefined && old !== node) FS.destroyNode(old);
      node.name = name;
    },
    unlink(/** @type {Node} */ parent, /** @type {string} */ name) {
      ask("unlink", `${pathOf(parent)}/${name}`);
    },
    rmdir(/** @type {Node} */ parent, /** @type {string} */ name) {
      ask("rmdir", `${pathOf(parent)}/${name}`);
    },
    readdir(/** @type {Node} */ node) {
      /** @type {[string, number][]} */
      const entries = ask("list", pathOf(node));
      // Emscripten looks every name up, which would be a request each.
      for (const [name, mode] of entries) {
        const child = known(node, name);
        if (child === undefined) createNode(node, name, mode);
        else child.mode = mode;
      }
      return [".", "..", ...entries.map(([name]) => name)];
    },
    symlink(/** @type {Node} */ parent, /** @type {string} */ name, /** @type {string} */ target) {
      ask("symlink", target, `${pathOf(parent)}/${name}`);
    },
    readlink: (/** @type {Node} */ node) => ask("readlink", pathOf(node)),
  };

  /**
   * The node of that name which Emscripten keeps, if it does.
   * @param {Node} parent
   * @param {string} name
   */
  function known(parent, name) {
    let node = FS.nameTable[FS.hashName(parent.id, name)];
    while (node && (node.parent.id !== parent.id || node.name !== name)) node = node.name_next;
    return node;
  }

  const streamOps = {
    getattr: (/** @type {Stream} */ stream) => refreshed(stream.node, ask(...ofStream("fstat", "stat", stream))),
    setattr(/** @type {Stream} */ stream, /** @type {any} */ attr) {
      change(stream.node, attr, (size) => ask("ftruncate", stream.shared.remote, size));
    },
    open(/** @type {Stream} */ stream) {
      stream.shared.users = 1;
      if (FS.isFile(stream.node.mode)) {
        stream.shared.remote = ask("open", pathOf(stream.node), stream.flags & ACCESS_MODE);
      }
    },
    dup(/** @type {Stream} */ stream) {
      stream.shared.users++;
    },
    close(/** @type {Stream} */ stream) {
      if (--stream.shared.users === 0 && stream.shared.remote !== undefined) ask("shut", stream.shared.remote);
    },
    read(
      /** @type {Stream} */ stream,
      /** @type {Int8Array} */ buffer,
      /** @type {number} */ offset,
      /** @type {number} */ length,
      /** @type {number} */ position,
    ) {
      const bytes = attempt(() => readBytes(stream.shared.remote, position, Math.min(length, MOST)));
      buffer.set(bytes, offset);
      return bytes.length;
    },
    write(
      /** @type {Stream} */ stream,
      /** @type {Int8Array} */ buffer,
      /** @type {number} */ offset,
      /** @type {number} */ length,
      /** @type {number} */ position,
    ) {
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, Math.min(length, MOST));
      return attempt(() => writeBytes(stream.shared.remote, position, bytes));
    },
    llseek(/** @type {Stream} */ stream, /** @type {number} */ offset, /** @type {number} */ whence) {
      let position = offset;
      if (whence === SEEK_CUR) position += stream.position;
      else if (whence === SEEK_END && FS.isFile(stream.node.mode)) {
        position += ask("fstat", stream.shared.remote).size;
      }
      if (position < 0) throw fileError(py, "EINVAL");
      return position;
    },
  };

  /**
   * A folder's stream has no file on the server.
   * @param {string} forFile
   * @param {string} forFolder
   * @param {Stream} stream
   * @returns {[string, unknown]}
   */
  function ofStream(forFile, forFolder, { shared, node }) {
    return shared.remote === undefined ? [forFolder, pathOf(node)] : [forFile, shared.remote];
  }

  return {
    /** @param {any} mount */
    mount: (mount) => createNode(null, "/", operate("stat", mount.opts.root).mode),
  };
}
