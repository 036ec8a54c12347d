// A fault of ours that is confined to one protocol: that protocol cannot be assessed, the others' cards stand. Used by
// assess for the verdict and by advice for the card; what is wrong beyond one protocol stays an exception.
#pragma once

#include <boost/core/demangle.hpp>
#include <exception>
#include <new>
#include <string>
#include <typeinfo>

namespace mainstay::rules {

/// Runs a step that concerns one protocol alone. Gives the type of the exception that ended it, for a log, and nothing
/// of its text, which may hold a piece of the chart; empty where all went well, and nothing is allocated then. Memory
/// that has run out is no fault of a protocol: std::bad_alloc goes on, as does what is no std::exception.
template <class Step>
std::string fault_of(Step&& step) {
  try {
    step();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    return boost::core::demangle(typeid(e).name());
  }
  return {};
}

}  // namespace mainstay::rules
