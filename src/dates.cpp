// dates.cpp: the calendar between milliseconds and datetime's fields.
#include "dates.hpp"

#include <datetime.h>

#include <chrono>
#include <cstdint>

namespace pyjs {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kSecond = 1'000'000;  // in microseconds
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
// datetime.min and datetime.max, in milliseconds.
constexpr double kFirst = -62135596800000;
constexpr double kLast = 253402300799999;

/// The microseconds since 1970 that the fields say, whatever the timezone.
std::int64_t local_time(PyObject* object) {
    const auto month = static_cast<unsigned>(PyDateTime_GET_MONTH(object));
    const auto day = static_cast<unsigned>(PyDateTime_GET_DAY(object));
    const sys_days date = year_month_day(std::chrono::year(PyDateTime_GET_YEAR(object)),
                                         std::chrono::month(month), std::chrono::day(day));
    return date.time_since_epoch().count() * kDay + PyDateTime_DATE_GET_HOUR(object) * kHour +
           PyDateTime_DATE_GET_MINUTE(object) * kMinute +
           PyDateTime_DATE_GET_SECOND(object) * kSecond + PyDateTime_DATE_GET_MICROSECOND(object);
}

std::int64_t microseconds(PyObject* delta) {
    return PyDateTime_DELTA_GET_DAYS(delta) * kDay + PyDateTime_DELTA_GET_SECONDS(delta) * kSecond +
           PyDateTime_DELTA_GET_MICROSECONDS(delta);
}

std::int64_t round_down(std::int64_t dividend, std::int64_t divisor) {
    return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

}  // namespace

bool prepare_dates() noexcept {
    if (PyDateTimeAPI == nullptr) {
        PyDateTime_IMPORT;
    }
    return PyDateTimeAPI != nullptr;
}

bool is_datetime(PyObject* object) noexcept { return PyDateTime_Check(object); }

Moment moment_of(PyObject* datetime, double& milliseconds) noexcept {
    std::int64_t offset = 0;
    if (PyDateTime_DATE_GET_TZINFO(datetime) != PyDateTime_TimeZone_UTC) {
        PyObject* delta = PyObject_CallMethod(datetime, "utcoffset", nullptr);
        if (delta == nullptr) {
            return Moment::Failed;
        }
        if (!PyDelta_Check(delta)) {
            Py_DECREF(delta);
            return Moment::Naive;
        }
        offset = microseconds(delta);
        Py_DECREF(delta);
    }
    milliseconds = static_cast<double>(round_down(local_time(datetime) - offset, 1000));
    return Moment::Known;
}

PyObject* datetime_at(double milliseconds) noexcept {
    if (!(milliseconds >= kFirst && milliseconds <= kLast) || !prepare_dates()) {
        return nullptr;
    }
    const std::int64_t whole = static_cast<std::int64_t>(milliseconds) * 1000;
    const std::int64_t day = round_down(whole, kDay);
    const std::int64_t rest = whole - day * kDay;
    const year_month_day date{sys_days(days(static_cast<int>(day)))};
    return PyDateTimeAPI->DateTime_FromDateAndTime(
        static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
        static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(rest / kHour),
        static_cast<int>(rest % kHour / kMinute), static_cast<int>(rest % kMinute / kSecond),
        static_cast<int>(rest % kSecond), PyDateTime_TimeZone_UTC, PyDateTimeAPI->DateTimeType);
}

}  // namespace pyjs
