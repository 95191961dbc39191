// buffer_format.cpp: the element formats of Python's buffers (PEP 3118) that JavaScript knows.
#include "buffer_format.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace pyjs {
namespace {

struct Format {
    char code;
    Py_ssize_t size;
};

constexpr Format formats[] = {
    {'b', 1}, {'B', 1}, {'c', 1}, {'?', 1}, {'h', 2}, {'H', 2}, {'e', 2},
    {'i', 4}, {'I', 4}, {'l', 4}, {'L', 4}, {'n', 4}, {'N', 4}, {'P', 4},
    {'f', 4}, {'w', 4}, {'u', 4}, {'q', 8}, {'Q', 8}, {'d', 8},
};

}  // namespace

char element_code(const Py_buffer& view) noexcept {
    const char* format = view.format == nullptr ? "B" : view.format;
    if (std::strchr("@=<>!", format[0]) != nullptr && format[0] != 0) {
        ++format;
    }
    const auto known = std::find_if(
        std::begin(formats), std::end(formats),
        [&](const Format& each) { return each.code == format[0] && each.size == view.itemsize; });
    return known == std::end(formats) || format[1] != 0 ? char{0} : known->code;
}

bool is_big_endian(const Py_buffer& view) noexcept {
    return view.format != nullptr && (view.format[0] == '>' || view.format[0] == '!') &&
           view.itemsize > 1;
}

PyObject* cast_view(PyObject* bytes, char code) noexcept {
    PyObject* plain = PyMemoryView_FromObject(bytes);
    Py_DECREF(bytes);
    PyObject* view = plain == nullptr
                         ? nullptr
                         : PyObject_CallMethod(plain, "cast", "C", static_cast<int>(code));
    Py_XDECREF(plain);
    return view;
}

}  // namespace pyjs
