// js_array.cpp: arrays and their like as Python sequences; one crossing per operation.
#include <algorithm>

#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

void put(Slot& slot, Py_ssize_t number) {
    slot.set(Tag::Number);
    slot.number = static_cast<double>(number);
}

/// `keywords` of an array operation: whether the values are one iterable, and the View of self,
/// which the arrays and elements that come out are seen with too.
std::uint32_t how(PyObject* self, bool is_iterable = false) {
    const auto view = view_bits(self);
    return view << 1 | (is_iterable ? 1 : 0);
}

PyObject* array_op(JsOp op, PyObject* self, Slot* slots) {
    return finish(js_op(op, handle_of(self), slots, 0, how(self)), slots);
}

PyObject* none_after(PyObject* result) {
    Py_XDECREF(result);
    return result == nullptr ? nullptr : Py_NewRef(Py_None);
}

/// JavaScript iterates some of its objects as Python does: not maps, which give keys in Python.
bool iterates_alike(PyObject* object) {
    return is_js(object) && has(type_flags(Py_TYPE(object)), JsFlag::Iterable) &&
           !is_mapping(type_flags(Py_TYPE(object)));
}

/// The slots of an operation: some of its own, behind them the values of an iterable. A
/// JavaScript iterable is sent as itself, any other is written out.
class Values {
public:
    Values() = default;
    Values(const Values&) = delete;
    Values& operator=(const Values&) = delete;
    ~Values() {
        PyMem_Free(slots_);
        Py_XDECREF(items_);
    }

    [[nodiscard]] bool collect(PyObject* iterable, std::size_t own) {
        if (iterates_alike(iterable)) {
            return allocate(own, 1) && encode(iterable, slots_[own], scratch_);
        }
        items_ = PySequence_Fast(iterable, "expected an iterable of values");
        if (items_ == nullptr) {
            return false;
        }
        count_ = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(items_));
        if (!allocate(own, count_)) {
            return false;
        }
        for (std::size_t i = 0; i < count_; ++i) {
            PyObject* item = PySequence_Fast_GET_ITEM(items_, static_cast<Py_ssize_t>(i));
            if (!encode(item, slots_[own + i], scratch_)) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] Slot* slots() const { return slots_; }

    [[nodiscard]] PyObject* send(JsOp op, PyObject* self) const {
        const auto count = static_cast<std::uint32_t>(count_);
        const std::uint32_t keywords = how(self, items_ == nullptr);
        return finish(js_op(op, handle_of(self), slots_, count, keywords), slots_);
    }

private:
    [[nodiscard]] bool allocate(std::size_t own, std::size_t count) {
        slots_ = PyMem_New(Slot, std::max<std::size_t>(own + count, 2));
        if (slots_ == nullptr) {
            PyErr_NoMemory();
        }
        return slots_ != nullptr;
    }

    Slot* slots_ = nullptr;
    PyObject* items_ = nullptr;
    std::size_t count_ = 0;
    Scratch scratch_;
};

bool put_slice(PyObject* slice, Slot* slots, Py_ssize_t& step) {
    Py_ssize_t start = 0;
    Py_ssize_t stop = 0;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0) {
        return false;
    }
    put(slots[0], start);
    put(slots[1], stop);
    put(slots[2], step);
    return true;
}

PyObject* get_slice(PyObject* self, PyObject* slice) {
    Slot slots[3];
    Py_ssize_t step = 0;
    return put_slice(slice, slots, step) ? array_op(JsOp::GetSlice, self, slots) : nullptr;
}

int delete_slice(PyObject* self, PyObject* slice) {
    Slot slots[3];
    Py_ssize_t step = 0;
    if (!put_slice(slice, slots, step)) {
        return -1;
    }
    PyObject* done = none_after(array_op(JsOp::DelSlice, self, slots));
    Py_XDECREF(done);
    return done == nullptr ? -1 : 0;
}

int set_slice(PyObject* self, PyObject* slice, PyObject* iterable) {
    Values values;
    Py_ssize_t step = 0;
    if (!values.collect(iterable, 3) || !put_slice(slice, values.slots(), step)) {
        return -1;
    }
    PyObject* misfit = values.send(JsOp::SetSlice, self);
    if (misfit == nullptr) {
        return -1;
    }
    const bool fits = misfit == Py_None;
    if (!fits) {
        PyErr_Format(PyExc_ValueError, "assigning to a slice of a JavaScript array: %U", misfit);
    }
    Py_DECREF(misfit);
    return fits ? 0 : -1;
}

bool as_index(PyObject* self, PyObject* key, Py_ssize_t& index) {
    if (!PyIndex_Check(key)) {
        PyErr_Format(PyExc_TypeError, "%s indices must be integers or slices, not %.100s",
                     Py_TYPE(self)->tp_name, Py_TYPE(key)->tp_name);
        return false;
    }
    index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    return index != -1 || !PyErr_Occurred();
}

PyObject* item(PyObject* self, Py_ssize_t index) {
    static_assert(sizeof(Py_ssize_t) == sizeof(std::int32_t));
    Slot slots[2];
    const auto view = view_bits(self);
    ++crossings;
    const auto tag = static_cast<Tag>(pyjs_js_item(handle_of(self), index, slots, view));
    if (tag == Tag::Number) {
        return decode_number(slots[0].number);
    }
    if (tag == Tag::Missing) {
        PyErr_SetString(PyExc_IndexError, "JavaScript array index out of range");
        return nullptr;
    }
    return finish(tag, slots);
}

PyObject* subscript(PyObject* self, PyObject* key) {
    if (PyLong_CheckExact(key) && PyUnstable_Long_IsCompact(reinterpret_cast<PyLongObject*>(key))) {
        return item(self, PyUnstable_Long_CompactValue(reinterpret_cast<PyLongObject*>(key)));
    }
    if (PySlice_Check(key)) {
        return get_slice(self, key);
    }
    Py_ssize_t index = 0;
    return as_index(self, key, index) ? item(self, index) : nullptr;
}

int set_item(PyObject* self, Py_ssize_t index, PyObject* value) {
    Slot slots[2];
    Scratch scratch;
    if (value != nullptr && !encode(value, slots[1], scratch)) {
        return -1;
    }
    put(slots[0], index);
    const Tag tag = js_op(value == nullptr ? JsOp::DelItem : JsOp::SetItem, handle_of(self), slots);
    if (tag == Tag::Missing) {
        PyErr_SetString(PyExc_IndexError, "JavaScript array assignment index out of range");
        return -1;
    }
    PyObject* result = finish(tag, slots);
    Py_XDECREF(result);
    return result == nullptr ? -1 : 0;
}

int assign(PyObject* self, PyObject* key, PyObject* value) {
    if (value == nullptr && has(type_flags(Py_TYPE(self)), JsFlag::Buffer)) {
        PyErr_SetString(PyExc_TypeError,
                        "cannot delete elements of a JavaScript typed array: its length is fixed");
        return -1;
    }
    if (PySlice_Check(key)) {
        return value == nullptr ? delete_slice(self, key) : set_slice(self, key, value);
    }
    Py_ssize_t index = 0;
    return as_index(self, key, index) ? set_item(self, index, value) : -1;
}

PyObject* concat(PyObject* self, PyObject* other) {
    if (!is_js(self)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    Values values;
    return values.collect(other, 0) ? values.send(JsOp::Concat, self) : nullptr;
}

PyObject* extended(PyObject* self, PyObject* other) {
    Values values;
    if (!values.collect(other, 0)) {
        return nullptr;
    }
    PyObject* result = values.send(JsOp::Extend, self);
    Py_XDECREF(result);
    return result == nullptr ? nullptr : Py_NewRef(self);
}

PyObject* extend(PyObject* self, PyObject* other) { return none_after(extended(self, other)); }

PyObject* repeat(PyObject* self, Py_ssize_t times) {
    Slot slots[2];
    put(slots[0], times);
    return array_op(JsOp::Repeat, self, slots);
}

PyObject* repeat_in_place(PyObject* self, Py_ssize_t times) {
    Slot slots[2];
    put(slots[0], times);
    PyObject* result = array_op(JsOp::RepeatInPlace, self, slots);
    Py_XDECREF(result);
    return result == nullptr ? nullptr : Py_NewRef(self);
}

PyObject* append(PyObject* self, PyObject* value) {
    Slot slots[2];
    Scratch scratch;
    return encode(value, slots[0], scratch)
               ? none_after(finish(js_op(JsOp::Extend, handle_of(self), slots, 1), slots))
               : nullptr;
}

PyObject* insert(PyObject* self, PyObject* args) {
    Py_ssize_t index = 0;
    PyObject* value = nullptr;
    Slot slots[2];
    Scratch scratch;
    if (!PyArg_ParseTuple(args, "nO:insert", &index, &value) || !encode(value, slots[1], scratch)) {
        return nullptr;
    }
    put(slots[0], index);
    return none_after(array_op(JsOp::Insert, self, slots));
}

PyObject* pop(PyObject* self, PyObject* args) {
    Py_ssize_t index = -1;
    if (!PyArg_ParseTuple(args, "|n:pop", &index)) {
        return nullptr;
    }
    Slot slots[2];
    put(slots[0], index);
    const Tag tag = js_op(JsOp::Pop, handle_of(self), slots, 0, how(self));
    if (tag == Tag::Missing) {
        PyErr_SetString(PyExc_IndexError, PyObject_Size(self) == 0
                                              ? "pop from empty JavaScript array"
                                              : "pop index out of range");
        return nullptr;
    }
    return finish(tag, slots);
}

/// The element as Python sees it: behind a JsDoubleProxy stands an object of Python's.
PyObject* unwrapped(PyObject* element) {
    if (element == nullptr || !is_js(element) ||
        !has(type_flags(Py_TYPE(element)), JsFlag::Double)) {
        return element;
    }
    Slot slots[2];
    PyObject* object = array_op(JsOp::Unwrap, element, slots);
    if (object == nullptr) {
        PyErr_Clear();  // destroyed: it equals nothing but itself
        return element;
    }
    Py_DECREF(element);
    return object;
}

/// A Python object in the array is a proxy there; whether another equals it, Python says.
Py_ssize_t find_object(PyObject* self, PyObject* value, Py_ssize_t start, Py_ssize_t stop) {
    Py_ssize_t length = PyObject_Size(self);
    start = std::max<Py_ssize_t>(start < 0 ? start + length : start, 0);
    stop = stop < 0 ? stop + length : stop;
    for (Py_ssize_t i = start; length >= 0 && i < std::min(stop, length); ++i) {
        PyObject* element = unwrapped(item(self, i));
        const int equal = element == nullptr ? -1 : PyObject_RichCompareBool(element, value, Py_EQ);
        Py_XDECREF(element);
        if (equal != 0) {
            return equal > 0 ? i : -2;
        }
        length = PyObject_Size(self);
    }
    return length < 0 ? -2 : -1;
}

/// The place of a value; -1 when it is not there, -2 with the Python error set.
Py_ssize_t find(PyObject* self, PyObject* value, Py_ssize_t start, Py_ssize_t stop) {
    Slot slots[3];
    Scratch scratch;
    if (!encode(value, slots[0], scratch)) {
        return -2;
    }
    if (slots[0].kind() == Tag::Object) {
        return find_object(self, value, start, stop);
    }
    put(slots[1], start);
    put(slots[2], stop);
    const Tag tag = js_op(JsOp::IndexOf, handle_of(self), slots);
    if (tag == Tag::Number) {
        return static_cast<Py_ssize_t>(slots[0].number);
    }
    PyObject* nothing = finish(tag, slots);
    Py_XDECREF(nothing);
    return tag == Tag::Missing ? -1 : -2;
}

PyObject* not_found(const char* operation, PyObject* value) {
    PyErr_Format(PyExc_ValueError, "%s: %R is not in the JavaScript array", operation, value);
    return nullptr;
}

/// An end of a range: one beyond all bounds is the farthest, as in a slice.
int as_end(PyObject* object, void* address) {
    if (!PyIndex_Check(object)) {
        PyErr_Format(PyExc_TypeError, "index: start and stop must be integers, not %.100s",
                     Py_TYPE(object)->tp_name);
        return 0;
    }
    auto* end = static_cast<Py_ssize_t*>(address);
    *end = PyNumber_AsSsize_t(object, nullptr);
    return *end == -1 && PyErr_Occurred() != nullptr ? 0 : 1;
}

PyObject* index(PyObject* self, PyObject* args) {
    PyObject* value = nullptr;
    Py_ssize_t start = 0;
    Py_ssize_t stop = PY_SSIZE_T_MAX;
    if (!PyArg_ParseTuple(args, "O|O&O&:index", &value, as_end, &start, as_end, &stop)) {
        return nullptr;
    }
    const Py_ssize_t at = find(self, value, start, stop);
    if (at == -1) {
        return not_found("index", value);
    }
    return at < 0 ? nullptr : PyLong_FromSsize_t(at);
}

PyObject* count(PyObject* self, PyObject* value) {
    Slot slots[2];
    Scratch scratch;
    if (!encode(value, slots[0], scratch)) {
        return nullptr;
    }
    if (slots[0].kind() != Tag::Object) {
        return array_op(JsOp::CountOf, self, slots);
    }
    Py_ssize_t found = 0;
    Py_ssize_t at = -1;
    while ((at = find_object(self, value, at + 1, PY_SSIZE_T_MAX)) >= 0) {
        ++found;
    }
    return at == -2 ? nullptr : PyLong_FromSsize_t(found);
}

PyObject* remove_object(PyObject* self, PyObject* value) {
    const Py_ssize_t at = find_object(self, value, 0, PY_SSIZE_T_MAX);
    if (at == -1) {
        return not_found("remove", value);
    }
    return at < 0 || set_item(self, at, nullptr) < 0 ? nullptr : Py_NewRef(Py_None);
}

PyObject* remove(PyObject* self, PyObject* value) {
    Slot slots[2];
    Scratch scratch;
    if (!encode(value, slots[0], scratch)) {
        return nullptr;
    }
    if (slots[0].kind() == Tag::Object) {
        return remove_object(self, value);
    }
    const Tag tag = js_op(JsOp::Remove, handle_of(self), slots);
    return tag == Tag::Missing ? not_found("remove", value) : finish(tag, slots);
}

int contains(PyObject* self, PyObject* value) {
    const Py_ssize_t at = find(self, value, 0, PY_SSIZE_T_MAX);
    return at == -2 ? -1 : (at >= 0 ? 1 : 0);
}

PyObject* reverse(PyObject* self, PyObject*) {
    Slot slots[2];
    return none_after(array_op(JsOp::Reverse, self, slots));
}

PyObject* clear(PyObject* self, PyObject*) {
    Slot slots[2];
    return none_after(array_op(JsOp::Clear, self, slots));
}

PyObject* copy(PyObject* self, PyObject*) {
    Slot slots[2];
    put(slots[0], 1);
    return array_op(JsOp::Repeat, self, slots);
}

#define SOURCE "\n\nSource: collections.abc.MutableSequence; PEP 818, 'IS_ARRAY'."

PyMethodDef read_methods[] = {
    {"index", index, METH_VARARGS,
     "index(value, start=0, stop=sys.maxsize): the place of the first equal element.\n\n"
     "Numbers, strings and JavaScript objects are equal as in JavaScript (===), Python\n"
     "objects as in Python. Raises ValueError when there is none." SOURCE},
    {"count", count, METH_O,
     "count(value): how many elements are equal to it, as index() compares." SOURCE},
    {nullptr, nullptr, 0, nullptr},
};

PyMethodDef change_methods[] = {
    {"append", append, METH_O, "append(value): adds it at the end." SOURCE},
    {"extend", extend, METH_O, "extend(iterable): adds its values at the end." SOURCE},
    {"insert", insert, METH_VARARGS, "insert(index, value): puts it before index." SOURCE},
    {"pop", pop, METH_VARARGS,
     "pop(index=-1): removes and returns an element.\n\nRaises IndexError." SOURCE},
    {"remove", remove, METH_O,
     "remove(value): removes the first equal element.\n\nRaises ValueError." SOURCE},
    {"reverse", reverse, METH_NOARGS, "reverse(): turns the order round, in place." SOURCE},
    {"clear", clear, METH_NOARGS, "clear(): removes all elements." SOURCE},
    {"copy", copy, METH_NOARGS, "copy(): a new array of the same elements." SOURCE},
    {nullptr, nullptr, 0, nullptr},
};

#undef SOURCE

const PyType_Slot read_slots[] = {
    {Py_mp_subscript, reinterpret_cast<void*>(subscript)},
    {Py_sq_item, reinterpret_cast<void*>(item)},
    {Py_sq_length, reinterpret_cast<void*>(js_length_of)},
    {Py_sq_contains, reinterpret_cast<void*>(contains)},
    {0, nullptr},
};

const PyType_Slot assign_slots[] = {
    {Py_mp_ass_subscript, reinterpret_cast<void*>(assign)},
    {0, nullptr},
};

const PyType_Slot array_slots[] = {
    {Py_sq_concat, reinterpret_cast<void*>(concat)},
    {Py_sq_repeat, reinterpret_cast<void*>(repeat)},
    {Py_sq_inplace_concat, reinterpret_cast<void*>(extended)},
    {Py_sq_inplace_repeat, reinterpret_cast<void*>(repeat_in_place)},
    {0, nullptr},
};

bool is_growable(std::uint32_t flags) { return has(flags, JsFlag::Array); }

bool is_assignable(std::uint32_t flags) {
    return has(flags, JsFlag::Array) || (has(flags, JsFlag::Buffer) && has(flags, JsFlag::HasGet));
}

}  // namespace

const Mixin js_sequence = {is_sequence, read_slots, read_methods};
const Mixin js_sequence_assign = {is_assignable, assign_slots, nullptr};
const Mixin js_array = {is_growable, array_slots, change_methods};

}  // namespace pyjs
