// signals.cpp: which code signals may interrupt, and time slices divide.
#include <pybind11/pybind11.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "pyjs/suspend.hpp"
#include "waiting.hpp"

namespace py = pybind11;

namespace pyjs {
namespace {

/// What keeps books, and the weak references that it keeps them by.
constexpr std::array<std::string_view, 7> kPackages = {
    "asyncio",   "importlib", "_frozen_importlib", "_frozen_importlib_external",
    "zipimport", "weakref",   "_weakrefset"};
/// What the names of modules begin with.
constexpr std::array<std::string_view, 6> kModules = {"pyjs._suspend",    "pyjs._webloop",
                                                      "pyjs._loop_",      "pyjs._promise",
                                                      "pyjs._time_slice", "pyjs._import_lock"};

std::string_view package_of(std::string_view module) { return module.substr(0, module.find('.')); }

bool keeps_books(std::string_view module) {
    return std::ranges::find(kPackages, package_of(module)) != kPackages.end() ||
           std::ranges::any_of(kModules, [=](auto each) { return module.starts_with(each); });
}

/// Whether others call it for a service, and it is part of what they do.
bool serves(std::string_view module) {
    const std::string_view package = package_of(module);
    if (package == "pyjs" || package.starts_with("namedtuple_")) {
        return true;
    }
    PyObject* names = PySys_GetObject("stdlib_module_names");  // borrowed
    return names != nullptr && PySet_Contains(names, py::str(package).ptr()) == 1;
}

template <class T>
T take(PyObject* reference) {
    return py::reinterpret_steal<T>(reference);
}

std::string module_of(const py::object& frame) {
    const auto globals =
        take<py::dict>(PyFrame_GetGlobals(reinterpret_cast<PyFrameObject*>(frame.ptr())));
    PyObject* name = PyDict_GetItemString(globals.ptr(), "__name__");  // borrowed
    return name != nullptr && PyUnicode_Check(name) != 0 ? py::cast<std::string>(name) : "";
}

Between between_of_frames() {
    PyThreadState* thread = PyThreadState_Get();
    auto frame = take<py::object>(reinterpret_cast<PyObject*>(PyThreadState_GetFrame(thread)));
    bool is_own = false;
    while (frame) {
        const std::string module = module_of(frame);
        if (keeps_books(module)) {
            return Between::Nothing;
        }
        is_own = is_own || package_of(module) == "pyjs";
        if (!serves(module)) {
            break;
        }
        auto* inner = reinterpret_cast<PyFrameObject*>(frame.ptr());
        frame = take<py::object>(reinterpret_cast<PyObject*>(PyFrame_GetBack(inner)));
    }
    return is_own ? Between::Signals : Between::SlicesToo;
}

}  // namespace

Between between_bytecodes() noexcept {
    if (is_blocked) {
        return Between::Signals;
    }
    try {
        return between_of_frames();
    } catch (...) {  // memory is full
        PyErr_Clear();
        return Between::Nothing;
    }
}

}  // namespace pyjs
