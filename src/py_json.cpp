// py_json.cpp: Python mappings as JavaScript sees them through a JSON view.
#include "py_json.hpp"

#include "deep_to_js.hpp"
#include "py_item.hpp"
#include "slot.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

// As many characters as an int64 has at most.
constexpr Py_ssize_t kLongestInt = 20;

// The int that `name` is the text of: a new reference; else null, without an error.
PyObject* int_of(PyObject* name) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    if (length == 0 || length > kLongestInt || !PyUnicode_IS_ASCII(name)) {
        return nullptr;
    }
    const Py_UCS1* text = PyUnicode_1BYTE_DATA(name);
    const Py_ssize_t sign = text[0] == '-' ? 1 : 0;
    const bool is_zero = length == 1 && text[0] == '0';
    if (sign == length || (text[sign] == '0' && !is_zero)) {
        return nullptr;
    }
    for (Py_ssize_t i = sign; i < length; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return nullptr;
        }
    }
    PyObject* value = PyLong_FromUnicodeObject(name, 10);
    if (value == nullptr) {
        PyErr_Clear();
    }
    return value;
}

// Looking at a property is no reason for a defaultdict to make an item.
bool would_be_made(PyObject* mapping, PyObject* key) {
    return PyDict_Check(mapping) && !PyDict_CheckExact(mapping) &&
           PyDict_Contains(mapping, key) == 0;
}

int get(PyObject* mapping, PyObject* key, PyObject** result) {
    return would_be_made(mapping, key) ? 0 : find_item(mapping, key, result);
}

// Whether there is an item; classes that only have __getitem__ are asked for it.
int has(PyObject* mapping, PyObject* key) {
    if (PyDict_Check(mapping)) {
        return PyDict_Contains(mapping, key);
    }
    PyObject* value = nullptr;
    const int found = get(mapping, key, &value);
    Py_XDECREF(value);
    return found;
}

// The key that `name` stands for: a new reference, or null with the Python error set.
PyObject* key_of(PyObject* mapping, PyObject* name) {
    PyObject* number = int_of(name);
    const int is_text = number == nullptr ? 1 : has(mapping, name);
    const int is_int = is_text == 0 ? has(mapping, number) : 0;
    PyObject* key = is_text < 0 || is_int < 0 ? nullptr : Py_NewRef(is_int > 0 ? number : name);
    Py_XDECREF(number);
    return key;
}

// What `ask` says of the key `name`; when that is 0, of the int that `name` is the text of.
template <class Ask>
int ask_either(PyObject* name, Ask ask) {
    const int found = ask(name);
    PyObject* number = found == 0 ? int_of(name) : nullptr;
    if (number == nullptr) {
        return found;
    }
    const int found_int = ask(number);
    Py_DECREF(number);
    return found_int;
}

// The text of a key, a new reference; null for one that is no property, with or without an error.
PyObject* text_of(PyObject* key) {
    if (PyUnicode_Check(key)) {
        return Py_NewRef(key);
    }
    if (!PyLong_CheckExact(key)) {
        return nullptr;
    }
    int overflow = 0;
    static_cast<void>(PyLong_AsLongLongAndOverflow(key, &overflow));
    return overflow != 0 ? nullptr : PyObject_Str(key);
}

PyObject* texts_of(PyObject* keys) {
    PyObject* texts = PyList_New(0);
    for (Py_ssize_t i = 0; texts != nullptr && i < PyList_GET_SIZE(keys); ++i) {
        PyObject* text = text_of(PyList_GET_ITEM(keys, i));
        const bool failed =
            text == nullptr ? PyErr_Occurred() != nullptr : PyList_Append(texts, text) < 0;
        Py_XDECREF(text);
        if (failed) {
            Py_CLEAR(texts);
        }
    }
    return texts;
}

struct View {
    PyObject_HEAD PyObject* object;
};

PyTypeObject* view_type = nullptr;

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    Py_XDECREF(reinterpret_cast<View*>(self)->object);
    type->tp_free(self);
    Py_DECREF(type);
}

PyType_Slot view_slots[] = {
    {Py_tp_doc, const_cast<char*>("What as_js_json() gives.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {0, nullptr},
};

PyType_Spec view_spec = {
    "pyjs._core.JsonView", sizeof(View), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, view_slots};

PyObject* as_js_json(PyObject*, PyObject* object) {
    const std::uint32_t flags = py_flags(object);
    const bool is_text = PyUnicode_Check(object) != 0;
    if (is_text || !pyjs::has(flags, PyFlag::HasGet) || pyjs::has(flags, PyFlag::Callable) ||
        unwrap_js(object) != nullptr) {
        return Py_NewRef(object);
    }
    PyObject* view = view_type->tp_alloc(view_type, 0);
    if (view != nullptr) {
        reinterpret_cast<View*>(view)->object = Py_NewRef(object);
    }
    return view;
}

PyMethodDef functions[] = {
    {"as_js_json", as_js_json, METH_O,
     "as_js_json(object, /): a container as an object that JavaScript sees as JSON, which is what\n"
     "PyProxy.asJsJson() gives; any other object itself."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

int json_get(PyObject* mapping, PyObject* name, PyObject** result) noexcept {
    return ask_either(name, [=](PyObject* key) { return get(mapping, key, result); });
}

int json_set(PyObject* mapping, PyObject* name, PyObject* value) noexcept {
    PyObject* key = key_of(mapping, name);
    const int status = key == nullptr ? -1 : PyObject_SetItem(mapping, key, value);
    Py_XDECREF(key);
    return status;
}

int json_delete(PyObject* mapping, PyObject* name) noexcept {
    PyObject* key = key_of(mapping, name);
    if (key == nullptr) {
        return -1;
    }
    const int status = delete_item(mapping, key);
    Py_DECREF(key);
    return status;
}

int json_has(PyObject* mapping, PyObject* name) noexcept {
    return ask_either(name, [=](PyObject* key) { return has(mapping, key); });
}

PyObject* json_keys(PyObject* mapping) noexcept {
    PyObject* keys = PyMapping_Keys(mapping);
    if (keys == nullptr && PyErr_ExceptionMatches(PyExc_AttributeError) != 0) {
        PyErr_Clear();
        keys = PyList_New(0);
    }
    PyObject* texts = keys == nullptr ? nullptr : texts_of(keys);
    PyObject* array = texts == nullptr ? nullptr : deep_to_js(texts, {});
    Py_XDECREF(keys);
    Py_XDECREF(texts);
    return array;
}

PyObject* json_viewed(PyObject* object) noexcept {
    return Py_TYPE(object) == view_type ? reinterpret_cast<View*>(object)->object : nullptr;
}

bool add_json(PyObject* module) noexcept {
    if (view_type == nullptr) {
        view_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&view_spec));
    }
    return view_type != nullptr && PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs
