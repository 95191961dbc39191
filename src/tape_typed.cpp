// tape_typed.cpp: lists of nothing but numbers, which cross as the elements of a typed array.
#include "tape_writer.hpp"

#include <cstring>

namespace pyjs {
namespace {

bool is_int(PyObject* object) {
    const PyTypeObject* type = Py_TYPE(object);
    return type == &PyLong_Type || (type != &PyBool_Type && PyLong_Check(object));
}

bool is_number(PyObject* object) { return PyFloat_Check(object) || is_int(object); }

template <class T>
bool fit_object(PyObject* number, T& out) {
    return PyFloat_Check(number) ? fit(PyFloat_AS_DOUBLE(number), out) : fit_int(number, out);
}

/// Elements of a typed array, while they are written into a new bytes object.
template <class T>
class Elements {
public:
    explicit Elements(Py_ssize_t count)
        : bytes_(new_elements(static_cast<std::size_t>(count), sizeof(T))),
          next_(bytes_ == nullptr ? nullptr : PyBytes_AS_STRING(bytes_)) {}
    Elements(const Elements&) = delete;
    Elements& operator=(const Elements&) = delete;
    ~Elements() { Py_XDECREF(bytes_); }

    [[nodiscard]] bool exists() const { return bytes_ != nullptr; }
    void push(T element) {
        std::memcpy(next_, &element, sizeof element);
        next_ += sizeof element;
    }
    [[nodiscard]] T at(Py_ssize_t index) const {
        T element;
        std::memcpy(&element, PyBytes_AS_STRING(bytes_) + index * Py_ssize_t{sizeof element},
                    sizeof element);
        return element;
    }
    [[nodiscard]] PyObject* release() { return std::exchange(bytes_, nullptr); }

private:
    PyObject* bytes_;
    char* next_;
};

/// What became of a list: its elements, or no table, or the first number that does not fit.
struct Outcome {
    PyObject* bytes = nullptr;
    Py_ssize_t misfit = -1;
};

/// The elements of a named type; with no memory, neither bytes nor misfit, but an error.
template <class T>
Outcome named(PyObject** items, Py_ssize_t count) {
    Elements<T> elements(count);
    if (!elements.exists()) {
        return {};
    }
    for (Py_ssize_t i = 0; i < count; ++i) {
        T element{};
        if (!is_number(items[i])) {
            return {};
        }
        if (!fit_object(items[i], element)) {
            for (Py_ssize_t j = i + 1; j < count; ++j) {
                if (!is_number(items[j])) {
                    return {};
                }
            }
            return {nullptr, i};
        }
        elements.push(element);
    }
    return {elements.release()};
}

/// Takes over after `done` 32-bit integers; no table when a number is no double.
PyObject* doubles(PyObject** items, Py_ssize_t count, const Elements<std::int32_t>& before,
                  Py_ssize_t done) {
    Elements<double> elements(count);
    if (!elements.exists()) {
        return nullptr;
    }
    for (Py_ssize_t i = 0; i < done; ++i) {
        elements.push(before.at(i));
    }
    for (Py_ssize_t i = done; i < count; ++i) {
        double element = 0;
        if (PyFloat_Check(items[i])) {
            element = PyFloat_AS_DOUBLE(items[i]);
        } else if (!is_int(items[i]) || !fit_int(items[i], element) ||
                   std::fabs(element) > kMostExact) {
            return nullptr;
        }
        elements.push(element);
    }
    return elements.release();
}

}  // namespace

int TapeWriter::table(PyObject* list) {
    // Nothing here runs Python code, so the list stays as it is.
    PyObject** items = PySequence_Fast_ITEMS(list);
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(list);
    if (count == 0 || !is_number(items[0])) {
        return 0;
    }
    Typed code = numeric_.typed;
    Outcome made;
    if (code != kTypedAuto) {
        made = with_element(
            code, [items, count](auto zero) { return named<decltype(zero)>(items, count); });
    } else {
        Elements<std::int32_t> ints(PyFloat_Check(items[0]) ? 0 : count);
        Py_ssize_t done = 0;
        std::int32_t element = 0;
        while (ints.exists() && done < count && is_int(items[done]) &&
               fit_int(items[done], element)) {
            ints.push(element);
            ++done;
        }
        code = done == count ? 'i' : 'd';
        if (ints.exists()) {
            made.bytes = done == count ? ints.release() : doubles(items, count, ints, done);
        }
    }
    if (made.misfit >= 0) {
        fail_misfit(list, made.misfit);
        return -1;
    }
    if (made.bytes == nullptr) {
        return PyErr_Occurred() == nullptr ? 0 : -1;
    }
    put_table(list, code, made.bytes);
    return 1;
}

/// Takes over `bytes`.
void TapeWriter::put_table(PyObject* list, Typed code, PyObject* bytes) {
    kept_.push_back(bytes);
    put(Tape::Buffer, share(list) | static_cast<std::uint32_t>(code) << 1);
    words_.push(
        static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(PyBytes_AS_STRING(bytes))));
    words_.push(static_cast<std::uint32_t>(PyBytes_GET_SIZE(bytes)));
}

void TapeWriter::fail_misfit(PyObject* list, Py_ssize_t index) const {
    const std::string where = path() + "[" + std::to_string(index) + "]";
    raise_misfit(operation_, where, numeric_.typed, PySequence_Fast_ITEMS(list)[index]);
}

}  // namespace pyjs
