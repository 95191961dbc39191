// pyjs.hpp: the whole public interface, in the order of its layers.
#pragma once

#include "pyjs/handle.hpp"   // JavaScript values owned from C++
#include "pyjs/error.hpp"    // exceptions across the border
#include "pyjs/convert.hpp"  // values across the border
#include "pyjs/proxy.hpp"    // objects that stay on their own side
#include "pyjs/suspend.hpp"  // stacks that can be suspended
#include "pyjs/module.hpp"   // the Python module `pyjs._core`
