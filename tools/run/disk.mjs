// disk.mjs: the file operations that a page asks for, kept inside the mounted folders.
import * as fs from "node:fs";
import { dirname, normalize } from "node:path";
import { isInside } from "./folders.mjs";

const { O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY, S_IFDIR, S_IFLNK, S_IFMT } = fs.constants;
const ACCESS = new Set([O_RDONLY, O_WRONLY, O_RDWR]);
const PERMISSIONS = 0o7777;

/** The most bytes that one request reads. */
export const MOST = 4 * 1024 * 1024;

/** An error with a code, as the file system's own have one. */
class DiskError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * @param {unknown} value
 * @param {number} most
 * @returns {number} the value, when it is a whole number from 0 to `most`
 */
function whole(value, most) {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > most) {
    throw new DiskError("EINVAL");
  }
  return value;
}

/** @param {unknown} value */
function text(value) {
  if (typeof value !== "string" || value === "" || value.includes("\0")) throw new DiskError("EINVAL");
  return value;
}

/** @param {fs.Stats} stat */
function attributes({ dev, ino, mode, nlink, uid, gid, rdev, size, blocks, atimeMs, mtimeMs, ctimeMs }) {
  return { dev, ino, mode, nlink, uid, gid, rdev, size, blocks, atimeMs, mtimeMs, ctimeMs };
}

/** One page's view of the disk; close() closes the files that it left open. */
export class Disk {
  /** @type {Set<number>} */
  #open = new Set();
  #folders;

  /** @param {readonly string[]} folders absolute and normal */
  constructor(folders) {
    this.#folders = folders;
  }

  close() {
    for (const fd of this.#open) fs.closeSync(fd);
    this.#open.clear();
  }

  /**
   * A path inside a mounted folder whose parent is there too, links resolved.
   * The last part may be a link: no operation here follows it.
   * @param {unknown} value
   */
  #path(value) {
    const path = text(value);
    const folder = this.#folders.find((each) => isInside(path, each));
    if (folder === undefined || normalize(path) !== path) throw new DiskError("EACCES");
    if (path !== folder && !isInside(fs.realpathSync(dirname(path)), fs.realpathSync(folder))) {
      throw new DiskError("EACCES");
    }
    return path;
  }

  /** @param {unknown} value */
  #fd(value) {
    if (typeof value !== "number" || !this.#open.has(value)) throw new DiskError("EBADF");
    return value;
  }

  /** @param {unknown} path */
  stat(path) {
    return attributes(fs.lstatSync(this.#path(path)));
  }

  /** @param {unknown} fd */
  fstat(fd) {
    return attributes(fs.fstatSync(this.#fd(fd)));
  }

  /**
   * The names in a folder and their modes, in one answer: a listing looks at each.
   * @param {unknown} path
   * @returns {[string, number][]}
   */
  list(path) {
    const folder = this.#path(path);
    return fs.readdirSync(folder).flatMap((name) => {
      const stat = fs.lstatSync(`${folder}/${name}`, { throwIfNoEntry: false });
      return stat === undefined ? [] : [/** @type {[string, number]} */ ([name, stat.mode])];
    });
  }

  /**
   * Makes an empty file or a folder.
   * @param {unknown} path
   * @param {unknown} mode
   */
  make(path, mode) {
    const bits = whole(mode, 0xffff);
    const isFolder = (bits & S_IFMT) === S_IFDIR;
    if (isFolder) fs.mkdirSync(this.#path(path), bits & PERMISSIONS);
    else fs.writeFileSync(this.#path(path), "", { mode: bits & PERMISSIONS, flag: "wx" });
    return null;
  }

  /** @param {unknown} path */
  unlink(path) {
    fs.unlinkSync(this.#path(path));
    return null;
  }

  /** @param {unknown} path */
  rmdir(path) {
    fs.rmdirSync(this.#path(path));
    return null;
  }

  /**
   * @param {unknown} from
   * @param {unknown} to
   */
  rename(from, to) {
    fs.renameSync(this.#path(from), this.#path(to));
    return null;
  }

  /**
   * @param {unknown} target not followed here, so any text
   * @param {unknown} path
   */
  symlink(target, path) {
    fs.symlinkSync(text(target), this.#path(path));
    return null;
  }

  /** @param {unknown} path */
  readlink(path) {
    return fs.readlinkSync(this.#path(path));
  }

  /**
   * @param {unknown} path
   * @param {unknown} flags the access mode alone
   */
  open(path, flags) {
    if (!ACCESS.has(whole(flags, O_RDWR))) throw new DiskError("EINVAL");
    const fd = fs.openSync(this.#path(path), /** @type {number} */ (flags) | O_NOFOLLOW);
    this.#open.add(fd);
    return fd;
  }

  /** @param {unknown} fd */
  shut(fd) {
    fs.closeSync(this.#fd(fd));
    this.#open.delete(/** @type {number} */ (fd));
    return null;
  }

  /**
   * @param {unknown} fd
   * @param {unknown} position
   * @param {unknown} length
   */
  read(fd, position, length) {
    const bytes = new Uint8Array(whole(length, MOST));
    const start = whole(position, Number.MAX_SAFE_INTEGER);
    return bytes.subarray(0, fs.readSync(this.#fd(fd), bytes, 0, bytes.length, start));
  }

  /**
   * @param {unknown} fd
   * @param {unknown} position
   * @param {Uint8Array} bytes
   */
  write(fd, position, bytes) {
    const start = whole(position, Number.MAX_SAFE_INTEGER);
    return fs.writeSync(this.#fd(fd), bytes, 0, bytes.length, start);
  }

  /**
   * @param {unknown} path
   * @param {unknown} mode
   */
  chmod(path, mode) {
    fs.chmodSync(this.#unlinked(path), whole(mode, 0xffff) & PERMISSIONS);
    return null;
  }

  /**
   * Both times in milliseconds; null keeps what is. A link's own times are set.
   * @param {unknown} path
   * @param {unknown} atime
   * @param {unknown} mtime
   */
  utime(path, atime, mtime) {
    const real = this.#path(path);
    const now = fs.lstatSync(real);
    const seconds = (/** @type {unknown} */ value, /** @type {number} */ old) =>
      (typeof value === "number" && Number.isFinite(value) ? value : old) / 1000;
    fs.lutimesSync(real, seconds(atime, now.atimeMs), seconds(mtime, now.mtimeMs));
    return null;
  }

  /**
   * @param {unknown} path
   * @param {unknown} size
   */
  truncate(path, size) {
    fs.truncateSync(this.#unlinked(path), whole(size, Number.MAX_SAFE_INTEGER));
    return null;
  }

  /**
   * @param {unknown} fd
   * @param {unknown} size
   */
  ftruncate(fd, size) {
    fs.ftruncateSync(this.#fd(fd), whole(size, Number.MAX_SAFE_INTEGER));
    return null;
  }

  /**
   * A path for operations that would follow a link.
   * @param {unknown} value
   */
  #unlinked(value) {
    const path = this.#path(value);
    if ((fs.lstatSync(path).mode & S_IFMT) === S_IFLNK) throw new DiskError("ELOOP");
    return path;
  }
}
