// conversion_error.hpp: the error of deep conversion, which names the part that is wrong.
#pragma once

#include <Python.h>

#include <new>
#include <string>

namespace pyjs {

/// Adds ConversionError to `module`. False with the Python error set.
[[nodiscard]] bool add_conversion_error(PyObject* module) noexcept;

/// What a key adds to a path: ".name" or "[repr]".
[[nodiscard]] std::string path_step(PyObject* key);

/// Sets a ConversionError "operation: where: text", and takes over the reference of `cause`,
/// which may be null. A MemoryError as cause makes it one that tells the path.
void raise_conversion_error(const char* operation, const std::string& where, PyObject* text,
                            PyObject* cause) noexcept;

/// Tells where the memory ran out, if that is the current error and it does not say so yet.
void place_memory_error(const char* operation, const std::string& where) noexcept;

/// What `act` gives; when memory runs out amid it, null or false, and the error tells where.
template <class Act, class Where>
[[nodiscard]] auto placed(const char* operation, Act act, Where where) -> decltype(act()) {
    try {
        if (auto result = act()) {
            return result;
        }
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    }
    place_memory_error(operation, where());
    return {};
}

/// Tells in a note of the current error which converter of `operation` raised it.
void add_path_note(const char* operation, const std::string& where) noexcept;

/// Tells in a note of the current error where the value is that could not be read; not of one that
/// says so itself.
void add_place_note(const char* operation, const char* where) noexcept;

}  // namespace pyjs
