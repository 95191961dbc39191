// growing.hpp: a growing array of plain data, which are left unset until they are written.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <type_traits>

namespace pyjs {

/// Throws std::bad_alloc when memory is full, and keeps what it has.
template <class T>
class Growing {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    Growing() = default;
    Growing(const Growing&) = delete;
    Growing& operator=(const Growing&) = delete;
    ~Growing() { std::free(data_); }

    [[nodiscard]] const T* data() const noexcept { return data_; }
    [[nodiscard]] T* data() noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    void clear() noexcept { size_ = 0; }
    /// Forgets the elements from `size` on.
    void shrink(std::size_t size) noexcept { size_ = size; }

    void push(T value) {
        reserve(1);
        data_[size_++] = value;
    }
    /// Room for `count` more, which the caller writes.
    T* extend(std::size_t count) {
        reserve(count);
        T* start = data_ + size_;
        size_ += count;
        return start;
    }
    void reserve(std::size_t more) {
        if (more > capacity_ - size_) {
            grow(more);
        }
    }

private:
    void grow(std::size_t more) {
        const std::size_t wanted = size_ + more;
        const std::size_t capacity = wanted < 2 * capacity_ ? 2 * capacity_ : wanted + 16;
        void* moved = capacity > SIZE_MAX / sizeof(T) || wanted < more
                          ? nullptr
                          : std::realloc(data_, capacity * sizeof(T));
        if (moved == nullptr) {
            throw std::bad_alloc();
        }
        data_ = static_cast<T*>(moved);
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace pyjs
