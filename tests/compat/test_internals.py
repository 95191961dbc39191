"""`_api` and `_module`: what kernels, test runners and plugins use of Pyodide's insides."""

import pytest

from tests.hosts.base import Host
from tests.js import run_fresh

_FRESH = """
const fresh = async (act) => {
  const pyodide = await loadPyodide();
  try { return await act(pyodide); } finally { pyodide.dispose(); }
};
"""


def test_counts_of_what_lives(pyodide: Host) -> None:
    """By differences, as pytest-pyodide takes them."""
    assert pyodide.js(
        """
        const { _module } = py;
        const keys = () => _module.hiwire.num_keys(),
          proxies = () => _module.pyproxy_alloc_map.size;
        const seen = [];
        _module.enable_pyproxy_allocation_tracing();
        const before = [keys(), proxies()];
        const list = py.runPython("from js import Object\\nmine = Object.new()\\n[mine]");
        seen.push(keys() - before[0] > 0, proxies() - before[1]);
        list.destroy();
        py.runPython("del mine, Object");
        seen.push(keys() - before[0], proxies() - before[1]);
        _module.disable_pyproxy_allocation_tracing();
        return [...seen, proxies() - before[1]];
        """
    ) == [True, 1, 0, 0, 0]


def test_exports_of_cpython(pyodide: Host) -> None:
    """As pytest-pyodide's handles use them: addresses that id() gives."""
    assert pyodide.js(
        """
        py.globals.set("m", py._module);
        return py.runPython(`
            import sys
            class Thing: pass
            thing, before = Thing(), sys.getrefcount(m)
            count = sys.getrefcount(thing)
            m._Py_IncRef(id(thing))
            counts = [sys.getrefcount(thing) - count]
            m._Py_DecRef(id(thing))
            counts.append(sys.getrefcount(thing) - count)
            found = {}
            m._PyDict_SetItem(id(found), id(0), id(thing))
            result = [*counts, found[0] is thing, m._PyErr_Occurred()]
            del m, thing, found
            result
        `).toJs();
        """
    ) == [1, 0, True, 0]


def test_an_error_that_c_left_is_thrown(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const { _module: m } = py;
        const text = m.stringToNewUTF8("mine");
        const kind = m.HEAP32[m._PyExc_ValueError / 4];
        m._PyErr_SetString(kind, text);
        const got = [m.UTF8ToString(text), m.UTF8ToString(text, 2), m._PyErr_Occurred() === kind];
        m._free(text);
        try { m._pythonexc2js(); } catch (error) { got.push(error.type,
          error instanceof py.ffi.PythonError); }
        m._pythonexc2js();
        return [...got, m._PyErr_Occurred()];
        """
    ) == ["mine", "mi", True, "ValueError", True, 0]


def test_python_that_an_export_runs_is_python(pyodide: Host) -> None:
    """What it changes is seen by a loop over the same list."""
    assert pyodide.js(
        """
        const { _module: m } = py;
        const list = py.runPython("shared = [object(), 1, 2, 3]; shared");
        const code = m.stringToNewUTF8("shared[2] = 'new'"), seen = [];
        for (const item of list) {
          if (seen.length === 0) m._PyRun_SimpleString(code);
          seen.push(typeof item === "object" ? 0 : item);
        }
        m._free(code); list.destroy(); py.runPython("del shared");
        return seen;
        """
    ) == [0, 1, "new", 3]


def test_the_module_is_an_object(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const { _module: m } = py;
        m.TEST_VALUE = 5;
        const top = m.stackSave();
        const got = [m.TEST_VALUE, "TEST_VALUE" in m, "_PyList_New" in m, "_Nope" in m,
          m._Nope ?? 0,
                     m.FS === py.FS, m.PATH === py.PATH, m.API === py._api,
                       m.HEAPU8.length === m.HEAP32.length * 4,
                     top > 0, m.stackAlloc(16) < top];
        m.stackRestore(top);
        got.push(m.stackSave() === top);
        delete m.TEST_VALUE;
        return [...got, "TEST_VALUE" in m];
        """
    ) == [5, True, True, False, 0, True, True, True, True, True, True, True, False]


def test_state_is_saved_and_restored(pyodide: Host) -> None:
    assert pyodide.js(
        """
        py.runPython("before = [1]");
        const state = py._api.saveState();
        py.runPython("before.append(2); after = 3");
        py.registerJsModule("temporary", { x: 1 });
        py.runPython("import temporary, json");
        py._api.restoreState(state);
        state.destroy();
        const gone = (code) => { try { py.runPython(code); return "there"; } catch (error) {
          return error.type; } };
        const got = [gone("after"), gone("temporary"), gone("import temporary"), gone("json")];
        got.push(py.runPython("len(before)"), py.runPython("import js; js is not None"));
        py.runPython("del before, js");
        return got;
        """
    ) == ["NameError", "NameError", "ModuleNotFoundError", "NameError", 2, True]


def test_what_stderr_gets_is_captured(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const { _api } = py;
        const say = (text) =>
          py.runPython(`import sys; print(${JSON.stringify(text)}, file=sys.stderr)`);
        const length = output.length;
        _api.capture_stderr();
        say("one ü"); say("two");
        const got = [_api.restore_stderr()];
        say("three");
        got.push(output.slice(length), _api.rawRun("import sys; print(4, file=sys.stderr)"),
          _api.rawRun("x_ = 1"));
        const [status, trace] = _api.rawRun("1 / 0");
        got.push(status, trace.split("\\n").at(-1), py.globals.get("x_"));
        py.runPython("del x_");
        return got;
        """
    ) == [
        "one ü\ntwo",
        ["three"],
        [0, "4"],
        [0, ""],
        -1,
        "ZeroDivisionError: division by zero",
        1,
    ]


def test_running_apart_from_main(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const { _api } = py;
        const got = [_api.runPythonInternal("apart = 5; apart + len('abc')"),
          py.globals.get("apart") ?? 0,
                     _api.runPythonInternal_dict.get("apart")];
        _api.runPythonInternal("del apart");
        return got;
        """
    ) == [8, 0, 5]


def test_who_asks_is_told_what_stops_the_interpreter(pyodide: Host) -> None:
    assert pyodide.js(
        _FRESH
        + """
        return fresh((pyodide) => {
          const { _api } = pyodide, told = [], cause = new Error("boom");
          _api.on_fatal = (error) => told.push(error.cause === cause);
          const caught = (act) => { try { act(); return "none"; } catch (error) { return error; } };
          const thrown = caught(() => _api.fatal_error(cause));
          told.push(thrown.cause === cause, thrown.message.includes("boom"));
          told.push(caught(() => pyodide.runPython("1")).message.includes("is gone"));
          told.push(caught(() => pyodide._module._PyList_New(0)).message ?? "none");
          told.push(caught(() => _api.maybe_fatal_error(cause)) === cause);
          return told;
        });
        """
    )[:4] == [True, True, True, True]


def test_a_trap_in_an_export_stops_the_interpreter(pyodide: Host) -> None:
    assert pyodide.js(
        _FRESH
        + """
        return fresh((pyodide) => {
          const told = [];
          pyodide._api.on_fatal = (error) => told.push(error.message.includes("fatal error"));
          try { pyodide._module._PyObject_Str(0x7ffffff0); } catch (error) {
            told.push(error.message.includes("is gone")); }
          try { pyodide.runPython("1"); } catch (error) {
            told.push(error.message.includes("is gone")); }
          return told;
        });
        """
    ) == [True, True, True]


def test_helpers(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const { _api } = py;
        const list = py.runPython("[]");
        const got = [_api.isPyProxy(list), _api.pyproxyIsAlive(list), _api.isPromise({
          then() {} }), _api.isPromise(1)];
        list.destroy();
        got.push(_api.pyproxyIsAlive(list), [..._api.typedArrayAsUint8Array(new Uint16Array([1,
          2]).subarray(1))]);
        got.push([1, null, undefined, [], new Map()].map(_api.getTypeTag).join());
        const known = _api.deserializeError("TypeError", "m", "s"),
          other = _api.deserializeError("Odd", "m", "s");
        got.push(known instanceof TypeError, known.message + known.stack, other.name,
          other.constructor.name);
        got.push(await new Promise((resolve) => _api.scheduleCallback(() => resolve("soon"))),
                 await new Promise((resolve) => _api.scheduleCallback(() => resolve("later"), 2)));
        const one = new AbortController(), any = _api.abortSignalAny([one.signal,
          new AbortController().signal]);
        one.abort("why");
        return [...got, any.aborted, any.reason, _api.abiVersion, _api.pyVersionTuple.slice(0, 2),
          _api.version,
                _api.sitepackages, _api.sys.byteorder, _api.importlib.type,
                  _api.public_api === py,
                _api.runtimeEnv.IN_NODE !== _api.runtimeEnv.IN_BROWSER];
        """
    ) == [
        True, True, True, False, False, [2, 0],
        "[object Number],[object Null],[object Undefined],[object Array],[object Map]",
        True, "ms", "Odd", "Error", "soon", "later", True, "why", "2025_0", [3, 13], "314.0.7",
        "/lib/python3.13/site-packages", "little", "module", True, True,
    ]  # fmt: skip


@pytest.mark.parametrize("where", ["/mnt/plugin"])
def test_a_file_system_of_the_programs_own(pyodide: Host, where: str) -> None:
    """As JupyterLite's: nodes and streams are the plugin's, names and errors Emscripten's."""
    assert pyodide.js(
        """
        const { FS, PATH, ERRNO_CODES } = py;
        const contents = { "a.txt": new TextEncoder().encode("hello") };
        const stats = (node) => ({
          dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 4096,
            blocks: 1,
          size: contents[node.name]?.length ?? 4096, atime: new Date(0), mtime: new Date(0),
            ctime: new Date(0),
        });
        const plugin = {
          mount: ({ mountpoint }) => plugin.node(null, mountpoint, 0o40755),
          node(parent, name, mode) {
            if (!FS.isDir(mode) && !FS.isFile(mode)) throw new FS.ErrnoError(ERRNO_CODES.EINVAL);
            return Object.assign(FS.createNode(parent, name, mode, 0), { node_ops: plugin.node_ops,
              stream_ops: plugin.stream_ops });
          },
          node_ops: {
            getattr: stats,
            setattr(node, { size }) {
              if (size !== undefined) contents[node.name] = contents[node.name].slice(0, size); },
            lookup(parent, name) {
              if (!(name in contents)) throw new FS.ErrnoError(ERRNO_CODES.ENOENT);
              return plugin.node(parent, name, 0o100644);
            },
            mknod(parent, name, mode) {
              contents[name] = new Uint8Array(0);
              return plugin.node(parent, name, mode);
            },
            unlink(parent, name) { delete contents[name]; },
            readdir: () => [".", "..", ...Object.keys(contents)],
          },
          stream_ops: {
            read(stream, buffer, offset, length, position) {
              const part = contents[stream.node.name].subarray(position, position + length);
              buffer.set(part, offset);
              return part.length;
            },
            write(stream, buffer, offset, length, position) {
              const old = contents[stream.node.name], grown = new Uint8Array(Math.max(old.length,
                position + length));
              grown.set(old);
              grown.set(buffer.subarray(offset, offset + length), position);
              contents[stream.node.name] = grown;
              return length;
            },
            llseek(stream, offset, whence) {
              return offset + [0, stream.position, contents[stream.node.name]?.length][whence];
            },
          },
        };
        FS.mkdirTree(args[0]);
        FS.mount(plugin, {}, args[0]);
        try {
          const got = py.runPython(`
            import os
            def work(where):
                with open(f"{where}/a.txt") as file:
                    got = [file.read()]
                with open(f"{where}/b.txt", "w") as file:
                    file.write("ünicode")
                try:
                    open(f"{where}/none")
                except FileNotFoundError as error:
                    got.append(error.errno)
                os.unlink(f"{where}/a.txt")
                return [*got, os.listdir(where), os.path.getsize(f"{where}/b.txt")]
            work`);
          const seen = got(args[0]);
          const plain = seen.toJs();
          seen.destroy(); got.destroy(); py.runPython("del work, os");
          return [...plain, new TextDecoder().decode(contents["b.txt"]), PATH.join2(args[0],
            "b.txt"), PATH.join("a", "..", "b")];
        } finally {
          FS.unmount(args[0]);
        }
        """,
        where,
    ) == ["hello", 44, ["b.txt"], 8, "ünicode", f"{where}/b.txt", "b"]


def test_who_holds_the_api_holds_no_memory() -> None:
    """Once the interpreter is disposed of; neither do the functions of `_module`."""
    kept, one = run_fresh(
        """
        const { loadPyodide } = await import(new URL("pyodide.mjs", indexURL));
        const { setFlagsFromString } = await import("node:v8");
        setFlagsFromString("--expose-gc");
        const gc = (await import("node:vm")).runInNewContext("gc");
        const megabytes = async () => {
          for (let i = 0; i < 4; i++) {
            gc();
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          const { external, heapUsed } = process.memoryUsage();
          return (external + heapUsed) / 2 ** 20;
        };
        const use = async () => {
          const py = await loadPyodide();
          py.runPython("x = bytearray(30_000_000)");
          const held = [py, py._api, py._module, py._module._PyList_New, py._api.sys, py.canvas];
          held.push(py.runPython, py._module.stackSave, py._module.hiwire);
          const full = await megabytes();
          py.dispose();
          return { held, full };
        };
        const all = [await use()], before = await megabytes();
        for (let i = 0; i < 3; i++) all.push(await use());
        return [(await megabytes() - before) / 3, all.at(-1).full - before];
        """
    )
    assert one > 30
    assert kept < 2
