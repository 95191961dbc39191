// js_buffer.cpp: bytes of JavaScript's buffers: the methods of JsBuffer.
#include <emscripten/em_macros.h>

#include "buffer_format.hpp"
#include "glue.hpp"
#include "js_types.hpp"
#include "py_buffer.hpp"

namespace pyjs {
namespace {

/// A reference that ends with its scope.
py::object owned(PyObject* object) { return py::reinterpret_steal<py::object>(object); }

/// What JavaScript refuses with a text is a ValueError.
PyObject* refused(const char* operation, const Slot* slots) {
    if (PyErr_Occurred() == nullptr) {
        if (const py::object text = owned(decode(slots[0]))) {
            PyErr_Format(PyExc_ValueError, "%s: %U", operation, text.ptr());
        }
        discard(slots[1]);
    }
    return nullptr;
}

PyObject* cross(JsOp op, const char* operation, PyObject* self, Slot* slots) {
    const Tag tag = js_op(op, handle_of(self), slots);
    return tag == Tag::Missing ? refused(operation, slots) : finish(tag, slots);
}

/// A copy of the bytes in slots[0], with the format of the elements in slots[1].
PyObject* copy_of(const char* operation, PyObject* self, Slot* slots, bool is_view) {
    const Tag tag = js_op(JsOp::BufferBytes, handle_of(self), slots, is_view ? 1 : 0);
    switch (tag) {
        case Tag::Object:
            return slots[0].object;
        case Tag::Missing:
            return refused(operation, slots);
        case Tag::Undefined:
            return PyErr_Format(PyExc_MemoryError, "%s: out of memory, %lld bytes were needed",
                                operation, static_cast<long long>(slots[1].number));
        default:
            return finish(tag, slots);
    }
}

PyObject* to_bytes(PyObject* self, PyObject*) {
    Slot slots[2];
    return copy_of("to_bytes", self, slots, false);
}

/// A memoryview of a copy of the elements, for one of the methods.
PyObject* view_of(const char* operation, PyObject* self) {
    Slot slots[2];
    PyObject* copy = copy_of(operation, self, slots, true);
    return copy == nullptr ? nullptr : cast_view(copy, static_cast<char>(slots[1].number));
}

PyObject* to_memoryview(PyObject* self, PyObject*) { return view_of("to_memoryview", self); }

PyObject* to_string(PyObject* self, PyObject* args, PyObject* kwargs) {
    static const char* const names[] = {"encoding", nullptr};
    PyObject* encoding = nullptr;
    if (PyArg_ParseTupleAndKeywords(args, kwargs, "|O:to_string", const_cast<char**>(names),
                                    &encoding) == 0) {
        return nullptr;
    }
    const bool is_given = encoding != nullptr && encoding != Py_None;
    if (is_given && !PyUnicode_Check(encoding)) {
        return PyErr_Format(PyExc_TypeError,
                            "to_string: expected the encoding as a str or None, got %.200s",
                            Py_TYPE(encoding)->tp_name);
    }
    Slot slots[2];
    Scratch scratch;
    const py::object name = owned(is_given ? Py_NewRef(encoding) : PyUnicode_FromString("utf-8"));
    if (!name || !encode(name.ptr(), slots[0], scratch)) {
        return nullptr;
    }
    return cross(JsOp::BufferText, "to_string", self, slots);
}

/// Copies between the proxy's bytes and those of a Python object.
PyObject* copy(JsOp op, const char* operation, PyObject* self, PyObject* object, int flags) {
    Export other;
    if (PyObject_GetBuffer(object, &other.view, PyBUF_ND | flags) < 0) {
        return nullptr;
    }
    const double numbers[] = {
        static_cast<double>(reinterpret_cast<std::uintptr_t>(other.view.buf)),
        static_cast<double>(other.view.len),
        static_cast<double>(other.view.itemsize),
    };
    Slot slots[3];
    for (std::size_t i = 0; i < std::size(slots); ++i) {
        slots[i].set(Tag::Number);
        slots[i].number = numbers[i];
    }
    return cross(op, operation, self, slots);
}

PyObject* assign(PyObject* self, PyObject* source) {
    return copy(JsOp::BufferAssign, "assign", self, source, 0);
}

PyObject* assign_to(PyObject* self, PyObject* target) {
    return copy(JsOp::BufferCopy, "assign_to", self, target, PyBUF_WRITABLE);
}

/// Lets the binary file below stand where the text file does: that one reads ahead, and writes
/// late.
bool align(PyObject* file) {
    const py::object seekable = owned(PyObject_CallMethod(file, "seekable", nullptr));
    const int can_seek = seekable ? PyObject_IsTrue(seekable.ptr()) : -1;
    if (can_seek <= 0) {
        // A stream that is read has no place to return to.
        return can_seek == 0;
    }
    const py::object place = owned(PyObject_CallMethod(file, "tell", nullptr));
    return place && owned(PyObject_CallMethod(file, "seek", "O", place.ptr()));
}

/// The binary file that a text file is over, or the file itself.
py::object binary(PyObject* file, bool is_written) {
    PyObject* inner = nullptr;
    if (PyObject_GetOptionalAttrString(file, "buffer", &inner) < 0) {
        return {};
    }
    const py::object found = owned(inner);
    if (!found) {
        return py::reinterpret_borrow<py::object>(file);
    }
    // What was written as text comes before.
    if (is_written && !owned(PyObject_CallMethod(file, "flush", nullptr))) {
        return {};
    }
    return align(file) ? found : py::object();
}

PyObject* write_file(const char* operation, PyObject* self, PyObject* file) {
    const py::object target = binary(file, true);
    const py::object bytes = owned(target ? view_of(operation, self) : nullptr);
    if (!bytes) {
        return nullptr;
    }
    const py::object done = owned(PyObject_CallMethod(target.ptr(), "write", "O", bytes.ptr()));
    if (!done) {
        return nullptr;
    }
    const Py_ssize_t size = PyMemoryView_GET_BUFFER(bytes.ptr())->len;
    if (PyLong_Check(done.ptr()) && PyLong_AsSsize_t(done.ptr()) != size) {
        return PyErr_Format(PyExc_OSError, "%s: the file took %S of %zd bytes", operation,
                            done.ptr(), size);
    }
    Py_RETURN_NONE;
}

PyObject* to_file(PyObject* self, PyObject* file) { return write_file("to_file", self, file); }

PyObject* into_file(PyObject* self, PyObject* file) { return write_file("into_file", self, file); }

PyObject* from_file(PyObject* self, PyObject* file) {
    const py::object source = binary(file, false);
    const py::object bytes = owned(source ? view_of("from_file", self) : nullptr);
    if (!bytes || !owned(PyObject_CallMethod(source.ptr(), "readinto", "O", bytes.ptr()))) {
        return nullptr;
    }
    // Where the file was shorter, what was there before.
    return copy(JsOp::BufferAssign, "from_file", self, bytes.ptr(), 0);
}

#define MAKE ">>> from pyjs import js\n>>> data = js.Uint8Array.new([104, 105])\n"

PyMethodDef methods[] = {
    {"to_bytes", to_bytes, METH_NOARGS,
     "to_bytes(): a copy of the bytes, as bytes.\n\n" MAKE ">>> data.to_bytes()\nb'hi'\n\n"
     "Raises ValueError when the buffer is detached.\n\n"
     "Source: Pyodide, JsBuffer.to_bytes."},
    {"to_memoryview", to_memoryview, METH_NOARGS,
     "to_memoryview(): a copy of the elements, as a memoryview of the same format.\n\n" MAKE
     ">>> data.to_memoryview().tolist()\n[104, 105]\n\n"
     "Raises ValueError when the buffer is detached.\n\n"
     "Source: Pyodide, JsBuffer.to_memoryview."},
    {"to_string", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(to_string)),
     METH_VARARGS | METH_KEYWORDS,
     "to_string(encoding=None): the bytes as text, in an encoding of JavaScript's TextDecoder, by\n"
     "default UTF-8.\n\n" MAKE ">>> data.to_string()\n'hi'\n\n"
     "Raises ValueError for bytes that are not of the encoding, JsException for an encoding that\n"
     "is not known.\n\n"
     "Source: Pyodide, JsBuffer.to_string; WHATWG Encoding."},
    {"assign", assign, METH_O,
     "assign(source): sets all bytes to those of an object with the buffer protocol.\n\n" MAKE
     ">>> data.assign(b'ho')\n>>> data.to_bytes()\nb'ho'\n\n"
     "Raises ValueError when the sizes differ, those of the elements of a typed array included.\n\n"
     "Source: Pyodide, JsBuffer.assign."},
    {"assign_to", assign_to, METH_O,
     "assign_to(target): copies all bytes into an object with the buffer protocol.\n\n" MAKE
     ">>> target = bytearray(2)\n>>> data.assign_to(target)\n>>> target\nbytearray(b'hi')\n\n"
     "Raises as assign() does, and BufferError for a target that cannot be written.\n\n"
     "Source: Pyodide, JsBuffer.assign_to."},
    {"to_file", to_file, METH_O,
     "to_file(file): writes the bytes where `file` stands, which may be a text file.\n\n" MAKE
     ">>> import io\n>>> file = io.BytesIO()\n>>> data.to_file(file)\n>>> "
     "file.getvalue()\nb'hi'\n\n"
     "Source: Pyodide, JsBuffer.to_file."},
    {"from_file", from_file, METH_O,
     "from_file(file): sets the bytes to the next ones of `file`; where it is shorter the last\n"
     "stay what they are.\n\n" MAKE
     ">>> import io\n>>> data.from_file(io.BytesIO(b'yes'))\n>>> data.to_bytes()\nb'ye'\n\n"
     "Source: Pyodide, JsBuffer.from_file."},
    {"into_file", into_file, METH_O,
     "into_file(file): as to_file(). The buffer is not to be used any more."},
    {"_into_file", into_file, METH_O, "Pyodide's name of into_file()."},
    {nullptr, nullptr, 0, nullptr},
};

#undef MAKE

}  // namespace

const Mixin js_buffer = {[](std::uint32_t flags) { return has(flags, JsFlag::Buffer); }, nullptr,
                         methods};

extern "C" {

/// A new bytes object in slots[0]; the address of its bytes, or null when memory is full.
EMSCRIPTEN_KEEPALIVE char* pyjs_py_bytes(std::size_t size, Slot* slots) {
    slots[0].object = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size));
    slots[0].set(Tag::Object);
    if (slots[0].object == nullptr) {
        PyErr_Clear();
        return nullptr;
    }
    return PyBytes_AS_STRING(slots[0].object);
}

}  // extern "C"

}  // namespace pyjs
