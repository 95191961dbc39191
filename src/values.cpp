// values.cpp: jsnull and JsBigInt (PEP 818, "Implicit conversion").
#include "values.hpp"

namespace pyjs {
namespace {

PyObject* null_singleton = nullptr;
PyTypeObject* bigint_type = nullptr;

PyObject* null_repr(PyObject*) { return PyUnicode_FromString("jsnull"); }
int null_bool(PyObject*) { return 0; }

PyObject* null_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
    if (PyTuple_GET_SIZE(args) != 0 || (kwargs != nullptr && PyDict_GET_SIZE(kwargs) != 0)) {
        PyErr_Format(PyExc_TypeError, "%s() takes no arguments", type->tp_name);
        return nullptr;
    }
    return Py_XNewRef(null_singleton);
}

PyObject* null_reduce(PyObject*, PyObject*) { return PyUnicode_FromString("jsnull"); }

PyMethodDef null_methods[] = {
    {"__reduce__", null_reduce, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot null_slots[] = {
    {Py_tp_doc,
     const_cast<char*>("The type of jsnull, which stands for JavaScript's null. Falsy.\n\n"
                       "Source: PEP 818, 'Implicit conversion'.")},
    {Py_tp_new, reinterpret_cast<void*>(null_new)},
    {Py_tp_repr, reinterpret_cast<void*>(null_repr)},
    {Py_nb_bool, reinterpret_cast<void*>(null_bool)},
    {Py_tp_methods, null_methods},
    {0, nullptr},
};

PyType_Spec null_spec = {"pyjs._core.JsNull", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                         null_slots};

// An operation on a JsBigInt gives a JsBigInt when its leftmost operand is one.
PyObject* like(PyObject* left, PyObject* result) {
    if (result == nullptr || !PyLong_CheckExact(result) || !PyObject_TypeCheck(left, bigint_type)) {
        return result;
    }
    return make_js_bigint(result);
}

template <binaryfunc PyNumberMethods::* Slot>
PyObject* binary(PyObject* left, PyObject* right) {
    return like(left, (PyLong_Type.tp_as_number->*Slot)(left, right));
}

template <unaryfunc PyNumberMethods::* Slot>
PyObject* unary(PyObject* operand) {
    return like(operand, (PyLong_Type.tp_as_number->*Slot)(operand));
}

PyObject* power(PyObject* base, PyObject* exponent, PyObject* modulus) {
    return like(base, PyLong_Type.tp_as_number->nb_power(base, exponent, modulus));
}

template <binaryfunc PyNumberMethods::* Slot>
void* binary_slot() {
    return reinterpret_cast<void*>(binary<Slot>);
}

template <unaryfunc PyNumberMethods::* Slot>
void* unary_slot() {
    return reinterpret_cast<void*>(unary<Slot>);
}

PyTypeObject* make_bigint_type() {
    using Number = PyNumberMethods;
    PyType_Slot slots[] = {
        {Py_tp_doc, const_cast<char*>(
                        "An int that always becomes a JavaScript bigint, however small it is.\n\n"
                        "Arithmetic gives a JsBigInt when its leftmost operand is one.\n"
                        "Source: PEP 818, 'The jstypes.ffi Module'.")},
        {Py_nb_add, binary_slot<&Number::nb_add>()},
        {Py_nb_subtract, binary_slot<&Number::nb_subtract>()},
        {Py_nb_multiply, binary_slot<&Number::nb_multiply>()},
        {Py_nb_floor_divide, binary_slot<&Number::nb_floor_divide>()},
        {Py_nb_remainder, binary_slot<&Number::nb_remainder>()},
        {Py_nb_lshift, binary_slot<&Number::nb_lshift>()},
        {Py_nb_rshift, binary_slot<&Number::nb_rshift>()},
        {Py_nb_and, binary_slot<&Number::nb_and>()},
        {Py_nb_or, binary_slot<&Number::nb_or>()},
        {Py_nb_xor, binary_slot<&Number::nb_xor>()},
        {Py_nb_power, reinterpret_cast<void*>(power)},
        {Py_nb_negative, unary_slot<&Number::nb_negative>()},
        {Py_nb_positive, unary_slot<&Number::nb_positive>()},
        {Py_nb_absolute, unary_slot<&Number::nb_absolute>()},
        {Py_nb_invert, unary_slot<&Number::nb_invert>()},
        {0, nullptr},
    };
    PyType_Spec spec = {"pyjs._core.JsBigInt", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                        slots};
    return reinterpret_cast<PyTypeObject*>(
        PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(&PyLong_Type)));
}

bool make_null() {
    auto* type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&null_spec));
    if (type == nullptr) {
        return false;
    }
    PyObject* kind = PyUnicode_FromString("object");
    if (kind != nullptr && PyDict_SetItemString(type->tp_dict, "typeof", kind) == 0) {
        PyType_Modified(type);
        null_singleton = type->tp_alloc(type, 0);
    }
    Py_XDECREF(kind);
    Py_DECREF(type);
    return null_singleton != nullptr;
}

}  // namespace

PyObject* js_null() noexcept { return null_singleton; }

PyTypeObject* js_bigint_type() noexcept { return bigint_type; }

PyObject* make_js_bigint(PyObject* integer) noexcept {
    if (integer == nullptr) {
        return nullptr;
    }
    PyObject* result = PyObject_CallOneArg(reinterpret_cast<PyObject*>(bigint_type), integer);
    Py_DECREF(integer);
    return result;
}

bool add_values(PyObject* module) noexcept {
    if (null_singleton == nullptr && !make_null()) {
        return false;
    }
    if (bigint_type == nullptr && (bigint_type = make_bigint_type()) == nullptr) {
        return false;
    }
    return PyModule_AddObjectRef(module, "jsnull", null_singleton) == 0 &&
           PyModule_AddObjectRef(module, "JsNull",
                                 reinterpret_cast<PyObject*>(Py_TYPE(null_singleton))) == 0 &&
           PyModule_AddObjectRef(module, "JsBigInt", reinterpret_cast<PyObject*>(bigint_type)) == 0;
}

}  // namespace pyjs
