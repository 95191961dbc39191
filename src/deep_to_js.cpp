// deep_to_js.cpp: one conversion of a Python structure, with the user's converters.
#include "deep_to_js.hpp"

#include <pybind11/pybind11.h>

#include <memory>
#include <new>

#include "conversion_error.hpp"
#include "glue.hpp"
#include "js_types.hpp"
#include "nested.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

namespace py = pybind11;

PyObject* none_or(PyObject* object) { return object == nullptr ? Py_None : object; }

/// Without converters the tape crosses once. With them JavaScript's reader lives as long as the
/// conversion, so that what a converter asks for can refer to what is not complete yet.
class Conversion : private TapeWriter {
public:
    explicit Conversion(const DeepToJs& options)
        : TapeWriter(options.dicts, options.depth, options.create_pyproxies, options.numeric,
                     options.dates),
          options_(options) {}
    ~Conversion() override {
        if (self_ != nullptr) {
            *self_ = nullptr;
        }
        if (reader_ != nullptr) {
            Slot slots[2];
            PyObject* error = PyErr_GetRaisedException();
            Py_XDECREF(finish(js_op(JsOp::CloseTape, handle_of(reader_), slots), slots));
            PyErr_SetRaisedException(error);
            Py_DECREF(reader_);
        }
    }

    PyObject* run(PyObject* object) {
        return write_placed(object, 0) ? feed(begin() | Feed::End) : nullptr;
    }

private:
    /// What the converter that runs was given; no object when none runs.
    struct Turn {
        PyObject* object = nullptr;
        long level = 0;
        bool eager = false;
    };

    bool meet(PyObject* object, long level) override {
        const bool skip = std::exchange(skip_eager_, false);
        if (options_.eager_converter == nullptr || skip || is_too_deep(level) || is_known(object)) {
            return ordinary(object, level);
        }
        return converted(options_.eager_converter, object, level, true);
    }

    bool unknown(PyObject* object, long level, const char* why) override {
        if (options_.default_converter != nullptr) {
            return converted(options_.default_converter, object, level, false);
        }
        return why == nullptr ? leaf(object)
                              : fail("no conversion is known for this %.200s: %s",
                                     Py_TYPE(object)->tp_name, why);
    }

    /// Writes what the converter makes of `object`.
    bool converted(PyObject* converter, PyObject* object, long level, bool eager) {
        const py::object kept = py::reinterpret_borrow<py::object>(object);
        forget_original();
        if (!prepare()) {
            return false;
        }
        const Turn outer = std::exchange(turn_, Turn{object, level, eager});
        PyObject* args[] = {nullptr, object, convert_.ptr(), cache_.ptr()};
        note_code();
        const Nested guard;
        PyObject* result = guard.exceeded()
                               ? nullptr
                               : PyObject_Vectorcall(converter, args + 1,
                                                     3 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr);
        turn_ = outer;
        if (result == nullptr) {
            note();
            return false;
        }
        const bool written = leaf(result);
        Py_DECREF(result);
        return written;
    }

    /// Tells where the converter's error happened; once when it passes through many.
    void note() override {
        PyObject* error = PyErr_GetRaisedException();
        if (error == noted_.ptr()) {
            PyErr_SetRaisedException(error);
            return;
        }
        noted_ = py::reinterpret_borrow<py::object>(error);
        PyErr_SetRaisedException(error);
        add_path_note("to_js", path());
    }

    /// Makes what converters get, once.
    bool prepare() {
        if (self_ != nullptr) {
            return true;
        }
        Slot slots[2];
        Scratch scratch;
        if (!encode_options(slots, scratch)) {
            return false;
        }
        reader_ = finish(js_op(JsOp::OpenTape, nullptr, slots), slots);
        if (reader_ == nullptr) {
            return false;
        }
        self_ = std::make_shared<Conversion*>(this);
        convert_ = py::cpp_function(
            [self = self_](py::object value) { return active(self, "convert").convert(value); },
            py::name("convert"), py::arg("value"), py::pos_only());
        cache_ = py::cpp_function(
            [self = self_](py::object value, py::object result) {
                active(self, "cache").cache(value, result);
            },
            py::name("cache"), py::arg("value"), py::arg("result"), py::pos_only());
        return true;
    }

    /// The conversion, while a converter runs: nothing else may write between its words.
    static Conversion& active(const std::shared_ptr<Conversion*>& self, const char* operation) {
        if (*self == nullptr || (*self)->turn_.object == nullptr) {
            PyErr_Format(PyExc_RuntimeError,
                         *self == nullptr
                             ? "%s: the conversion that this function was made for has ended"
                             : "%s: call it while the converter runs that it was given to",
                         operation);
            throw py::error_already_set();
        }
        return **self;
    }

    /// For a converter: the converted `value`, which may refer to all that is being converted.
    py::object convert(const py::object& value) {
        const Turn turn = std::exchange(turn_, Turn{});
        PyObject* result = convert_in(turn, value.ptr());
        turn_ = turn;
        return py::reinterpret_steal<py::object>(expect(result));
    }

    PyObject* convert_in(const Turn& turn, PyObject* value) {
        PyObject* begun = feed(begin());
        if (begun == nullptr) {
            return nullptr;
        }
        Py_DECREF(begun);
        begun_ = false;
        skip_eager_ = turn.eager && value == turn.object;
        const Mark start = mark();
        const bool written = write_placed(value, turn.level + 1);
        skip_eager_ = false;
        PyObject* result = written ? feed(begin() | Feed::End) : nullptr;
        if (result == nullptr) {
            drop(start);
        }
        return result;
    }

    /// The converter may go on without what it asked for.
    void drop(const Mark& start) {
        PyObject* error = PyErr_GetRaisedException();
        unwind(start);
        broken_ = false;
        Py_XDECREF(feed(begin() | Feed::Drop));
        PyErr_SetRaisedException(error);
    }

    [[nodiscard]] Feed begin() const { return begun_ ? Feed::None : Feed::Begin; }
    [[nodiscard]] Feed proxies() const {
        return options_.create_pyproxies ? Feed::None : Feed::NoProxies;
    }

    void cache(const py::object& value, const py::object& result) {
        if (!record(value.ptr(), result.ptr())) {
            throw py::error_already_set();
        }
    }

    static PyObject* expect(PyObject* result) {
        if (result == nullptr) {
            throw py::error_already_set();
        }
        return result;
    }

    bool encode_options(Slot* slots, Scratch& scratch) const {
        return encode(none_or(options_.dict_converter), slots[0], scratch) &&
               encode(none_or(options_.pyproxies), slots[1], scratch);
    }

    /// Hands over what is written.
    PyObject* feed(Feed what) {
        Slot slots[5];
        Scratch scratch;
        if (broken_) {
            fail("a part before this one failed, and a converter went on without its error");
            return nullptr;
        }
        point(slots);
        if (!encode_options(slots + 3, scratch)) {
            return nullptr;
        }
        const Handle reader = reader_ == nullptr ? nullptr : handle_of(reader_);
        begun_ = true;
        const Tag tag =
            js_op(JsOp::FromTape, reader, slots, static_cast<std::uint32_t>(what | proxies()));
        const bool thrown = tag == Tag::JsError || tag == Tag::PyError;
        const py::object path = thrown ? path_in(slots) : py::object();
        broken_ = thrown || tag == Tag::Missing;
        if (!broken_) {
            keep_keys();
        }
        clear();
        if (thrown) {
            raise(tag, slots[0]);
            note_at(path);
            return nullptr;
        }
        if (tag != Tag::Missing) {
            return finish(tag, slots);
        }
        raise_issue("to_js", slots);
        return nullptr;
    }

    /// Tells where a converter that JavaScript called raised the current error; `path` may be null.
    void note_at(const py::object& path) {
        PyObject* error = PyErr_GetRaisedException();
        const char* where = path ? PyUnicode_AsUTF8(path.ptr()) : nullptr;
        const bool is_new = where != nullptr && error != noted_.ptr();
        if (is_new) {
            noted_ = py::reinterpret_borrow<py::object>(error);
        }
        PyErr_SetRaisedException(error);
        if (is_new) {
            add_path_note("to_js", where);
        }
    }

    const DeepToJs& options_;
    Turn turn_;
    bool skip_eager_ = false;
    bool begun_ = false;
    bool broken_ = false;
    PyObject* reader_ = nullptr;
    std::shared_ptr<Conversion*> self_;
    py::object noted_;
    py::object convert_;
    py::object cache_;
};

}  // namespace

py::object path_in(const Slot* slots) noexcept {
    // At once: what sets the error may run code that writes over it.
    return py::reinterpret_steal<py::object>(slots[1].kind() == Tag::Undefined ? nullptr
                                                                               : decode(slots[1]));
}

void raise_issue(const char* operation, const Slot* slots) noexcept {
    const auto text = py::reinterpret_steal<py::object>(decode(slots[0]));
    const auto where = py::reinterpret_steal<py::object>(decode(slots[1]));
    const char* path = where ? PyUnicode_AsUTF8(where.ptr()) : nullptr;
    if (text && path != nullptr) {
        raise_conversion_error(operation, path, text.ptr(), nullptr);
    }
}

PyObject* deep_to_js(PyObject* object, const DeepToJs& options) noexcept {
    try {
        return Conversion(options).run(object);
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    } catch (py::error_already_set& error) {
        error.restore();
        return nullptr;
    }
}

}  // namespace pyjs
