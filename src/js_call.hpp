// js_call.hpp: the arguments of a call, in slots.
#pragma once

#include "encode.hpp"

namespace pyjs {

/// The slots of a call: `own` of the operation's, the positional arguments, the keyword
/// arguments, the keyword names. Few stand in the object itself, more on the heap.
class Call {
public:
    Call(PyObject* const* args, size_t nargsf, PyObject* names, std::uint32_t own) noexcept
        : args_(args),
          names_(names),
          positional_(static_cast<std::uint32_t>(PyVectorcall_NARGS(nargsf))),
          keywords_(names == nullptr ? 0 : static_cast<std::uint32_t>(PyTuple_GET_SIZE(names))),
          own_(own) {}
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
        if (slots_ != few_) {
            PyMem_Free(slots_);
        }
    }

    /// Values first, then names, in the order in which JavaScript reads them: it must see every
    /// name that is cached here, and see it last. False with the Python error set.
    [[nodiscard]] bool encode_values() noexcept;
    [[nodiscard]] bool encode_names() noexcept;

    [[nodiscard]] Slot* slots() noexcept { return slots_; }
    [[nodiscard]] Scratch& scratch() noexcept { return scratch_; }
    [[nodiscard]] std::uint32_t positional() const noexcept { return positional_; }
    [[nodiscard]] std::uint32_t keywords() const noexcept { return keywords_; }

private:
    static constexpr std::size_t kFew = 8;

    PyObject* const* args_;
    PyObject* names_;
    std::uint32_t positional_;
    std::uint32_t keywords_;
    std::uint32_t own_;
    Scratch scratch_;
    Slot few_[kFew];
    Slot* slots_ = few_;
};

}  // namespace pyjs
