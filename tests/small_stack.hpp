// Runs a test's body where the stack is small.
#pragma once

#include <gtest/gtest.h>
#include <pthread.h>

namespace mainstay::test {

/// On a thread with a stack of 256 kB.
inline void on_small_stack(void* (*run)(void*), void* argument = nullptr) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256u << 10), 0);
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, run, argument), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
}

}  // namespace mainstay::test
